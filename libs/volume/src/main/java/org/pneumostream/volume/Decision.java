package org.pneumostream.volume;

/** Turns a probability of ABNORMAL into a finding. */
public final class Decision {
  /** A scan is ABNORMAL from this probability on. */
  public static final double THRESHOLD = 0.5;

  private Decision() {}

  /**
   * Whether a probability means ABNORMAL rather than NORMAL.
   *
   * @param probability of ABNORMAL, 0 to 1
   */
  public static boolean isAbnormal(double probability) {
    return probability >= THRESHOLD;
  }
}
