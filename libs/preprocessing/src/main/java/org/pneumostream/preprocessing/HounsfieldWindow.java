package org.pneumostream.preprocessing;

/**
 * The range of Hounsfield units that the network sees, mapped to [0, 1].
 *
 * @param lowHu becomes 0, as do all lower values
 * @param highHu becomes 1, as do all higher values
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

  /**
   * Replaces HU by their position in the window. Infinities are clipped, NaN becomes 0.
   *
   * @param mayHoldNaN whether to check for NaN, which integer voxels cannot be
   */
  void normalize(float[] values, boolean mayHoldNaN) {
    if (mayHoldNaN) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.isNaN(values[i]) ? lowHu : values[i];
      }
    }
    float width = highHu - lowHu;
    // No branches, so that the compiler can vectorize the loop.
    for (int i = 0; i < values.length; i++) {
      values[i] = (Math.max(lowHu, Math.min(highHu, values[i])) - lowHu) / width;
    }
  }
}
