package org.pneumostream.preprocess;

/**
 * The range of Hounsfield units that the network sees, mapped to [0, 1].
 *
 * @param lowHu becomes 0, as does everything below it
 * @param highHu becomes 1, as does everything above it
 */
record HounsfieldWindow(float lowHu, float highHu) {

  /** Air to dense bone: the window of preprocessing version 1. */
  static final HounsfieldWindow AIR_TO_BONE = new HounsfieldWindow(-1000, 400);

  HounsfieldWindow {
    if (!(lowHu < highHu)) {
      throw new IllegalArgumentException(
          "window [%s, %s] HU: expected low below high".formatted(lowHu, highHu));
    }
  }

  /** Replaces HU by their place in the window; infinities are clipped, NaN becomes 0. */
  void normalize(float[] values) {
    float width = highHu - lowHu;
    for (int i = 0; i < values.length; i++) {
      float hu = values[i];
      // NaN fails both comparisons.
      values[i] = hu > lowHu ? (hu < highHu ? (hu - lowHu) / width : 1f) : 0f;
    }
  }
}
