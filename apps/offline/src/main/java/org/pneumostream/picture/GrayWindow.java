package org.pneumostream.picture;

/**
 * A gray scale for HU.
 *
 * @param lowHu black from here down
 * @param highHu white from here up
 */
public record GrayWindow(double lowHu, double highHu) {
  /** The network's own window. */
  public static final GrayWindow NETWORK = new GrayWindow(-1000, 400);

  /** Center −600 HU, width 1500 HU: the radiologist's usual window for lungs. */
  public static final GrayWindow LUNG = new GrayWindow(-1350, 150);

  /** Gray level, 0 to 255, of a preprocessed value in [0, 1]. */
  int gray(float value) {
    double hu = NETWORK.lowHu + value * (NETWORK.highHu - NETWORK.lowHu);
    double gray = 255 * (hu - lowHu) / (highHu - lowHu);
    return (int) Math.round(Math.max(0, Math.min(255, gray)));
  }
}
