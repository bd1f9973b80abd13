package org.pneumostream.picture;

/**
 * Which HU are black and which are white.
 *
 * @param lowHu black from here down
 * @param highHu white from here up
 */
public record GrayWindow(double lowHu, double highHu) {
  /** What the network sees. */
  public static final GrayWindow NETWORK = new GrayWindow(-1000, 400);

  /** Center −600 HU, width 1500 HU: the radiologist's usual window for lungs. */
  public static final GrayWindow LUNG = new GrayWindow(-1350, 150);

  /** Gray, 0 to 255, of a preprocessed value in [0, 1]. */
  int gray(float value) {
    double hu = NETWORK.lowHu + value * (NETWORK.highHu - NETWORK.lowHu);
    double gray = 255 * (hu - lowHu) / (highHu - lowHu);
    return (int) Math.round(Math.max(0, Math.min(255, gray)));
  }
}
