package org.pneumostream.preprocessing;

/**
 * Maps the samples of one axis of the rotated scan to one stored axis: sample r lies at stored
 * position {@code origin + r·direction}, which may be outside the axis or halfway between two
 * voxels.
 *
 * @param stored voxels along the stored axis
 * @param samples samples along the rotated axis
 * @param origin stored position of sample 0, a multiple of one half
 * @param direction 1 or −1
 */
record AxisPath(int stored, int samples, double origin, int direction) {

  /** The identity. */
  static AxisPath straight(int length) {
    return new AxisPath(length, length, 0, 1);
  }

  /**
   * The first axis of a plane after {@code scipy.ndimage.rotate(v, 90, reshape=False)}: it runs
   * down the plane's second axis about the plane's centre, and keeps the first axis' length.
   */
  static AxisPath firstAfterQuarterTurn(int width, int height) {
    return new AxisPath(height, width, (width + height - 2) / 2.0, -1);
  }

  /**
   * The second axis of a plane after the same rotation: it runs up the plane's first axis, and
   * keeps the second axis' length.
   */
  static AxisPath secondAfterQuarterTurn(int width, int height) {
    return new AxisPath(width, height, (width - height) / 2.0, 1);
  }

  /** The same path for an axis stored in the opposite direction. */
  AxisPath flipped() {
    return new AxisPath(stored, samples, stored - 1 - origin, -direction);
  }

  /**
   * Adds the stored voxels that contribute to sample r, times a factor. A sample outside the axis
   * is background and adds nothing. Halfway between two voxels a cubic spline interpolates.
   *
   * @param row one weight per stored voxel
   */
  void addSample(int r, double factor, double[] row) {
    double position = origin + (double) r * direction;
    if (position < 0 || position > stored - 1) {
      return;
    }
    int below = (int) position;
    if (position == below) {
      row[below] += factor;
      return;
    }
    for (int s = below + 1 - CubicSpline.REACH; s <= below + CubicSpline.REACH; s++) {
      row[mirrored(s)] += factor * CubicSpline.weight(position - s);
    }
  }

  /** SciPy extends the samples by reflection about the centre of the outermost one. */
  private int mirrored(int s) {
    int period = 2 * (stored - 1);
    int within = Math.floorMod(s, period);
    return Math.min(within, period - within);
  }
}
