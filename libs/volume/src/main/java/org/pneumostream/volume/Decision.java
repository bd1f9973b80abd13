package org.pneumostream.volume;

/** What a probability of ABNORMAL says of a scan. */
public final class Decision {
  /** The probability from which on a scan is ABNORMAL. */
  public static final double THRESHOLD = 0.5;

  private Decision() {}

  /**
   * Whether a probability of ABNORMAL says ABNORMAL, and not NORMAL.
   *
   * @param probability 0 to 1
   */
  public static boolean isAbnormal(double probability) {
    return probability >= THRESHOLD;
  }
}
