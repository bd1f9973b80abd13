package org.pneumostream.preprocessing;

/**
 * Rotation of a volume in the plane of width and height about its centre, as {@code
 * scipy.ndimage.rotate(volume, degrees, reshape=False)} computes it: cubic B-spline interpolation
 * with prefilter, mode "constant" (0 outside).
 *
 * <p>The voxels of one (width, height) position lie next to each other in memory, one for each
 * slice, and share their interpolation weights; all loops run along them.
 *
 * @param width voxels along the first axis
 * @param height voxels along the second axis
 * @param depth voxels along the third axis, the fastest one in memory
 * @see <a href="https://doi.org/10.1109/78.193220">Unser, Aldroubi, Eden: B-spline signal
 *     processing, 1993</a>
 */
record SplineRotation(int width, int height, int depth) {
  /** Pole of the cubic B-spline's inverse filter. */
  private static final double POLE = Math.sqrt(3) - 2;

  /** The inverse filter's gain, (1 - z)(1 - 1/z). */
  private static final float GAIN = 6;

  /** A smaller power of the pole is below a float's precision. */
  private static final double NEGLIGIBLE = 1e-10;

  private static final int TAPS = 4;

  /**
   * Rotates the volume; the spline may overshoot the range of the input.
   *
   * @param voxels in (W, H, D) order, depth fastest
   * @param degrees angle, in SciPy's direction
   */
  float[] rotate(float[] voxels, double degrees) {
    float[] coefficients = coefficients(voxels);
    double cos = Math.cos(Math.toRadians(degrees));
    double sin = Math.sin(Math.toRadians(degrees));
    double centreX = (width - 1) / 2.0;
    double centreY = (height - 1) / 2.0;
    Taps alongX = new Taps(width);
    Taps alongY = new Taps(height);
    float[] rotated = new float[voxels.length];
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        double sourceX = cos * (x - centreX) + sin * (y - centreY) + centreX;
        double sourceY = -sin * (x - centreX) + cos * (y - centreY) + centreY;
        if (alongX.moveTo(sourceX) && alongY.moveTo(sourceY)) {
          interpolate(coefficients, alongX, alongY, rotated, (x * height + y) * depth);
        }
      }
    }
    return rotated;
  }

  /** Sums 4 x 4 weighted columns of coefficients into the column of {@code sum} at an index. */
  private void interpolate(float[] coefficients, Taps alongX, Taps alongY, float[] sum, int at) {
    for (int i = 0; i < TAPS; i++) {
      int row = alongX.index[i] * height;
      int from0 = (row + alongY.index[0]) * depth;
      int from1 = (row + alongY.index[1]) * depth;
      int from2 = (row + alongY.index[2]) * depth;
      int from3 = (row + alongY.index[3]) * depth;
      float weight0 = alongX.weight[i] * alongY.weight[0];
      float weight1 = alongX.weight[i] * alongY.weight[1];
      float weight2 = alongX.weight[i] * alongY.weight[2];
      float weight3 = alongX.weight[i] * alongY.weight[3];
      for (int z = 0; z < depth; z++) {
        sum[at + z] +=
            weight0 * coefficients[from0 + z]
                + weight1 * coefficients[from1 + z]
                + weight2 * coefficients[from2 + z]
                + weight3 * coefficients[from3 + z];
      }
    }
  }

  /** B-spline coefficients along width and height; slices are independent. */
  private float[] coefficients(float[] voxels) {
    float[] c = voxels.clone();
    invert(c, 0, width, height * depth);
    for (int x = 0; x < width; x++) {
      invert(c, x * height * depth, height, depth);
    }
    return c;
  }

  /**
   * Filters {@code count} rows of {@code length} values across the rows, in place. The rows are
   * extended by reflection about the first and the last.
   */
  private static void invert(float[] c, int start, int count, int length) {
    if (count == 1) {
      return;
    }
    int end = start + count * length;
    for (int i = start; i < end; i++) {
      c[i] *= GAIN;
    }
    startCausal(c, start, count, length);
    float pole = (float) POLE;
    for (int i = start + length; i < end; i++) {
      c[i] += pole * c[i - length];
    }
    int last = end - length;
    float scale = (float) (POLE / (POLE * POLE - 1));
    for (int i = last; i < end; i++) {
      c[i] = scale * (c[i] + pole * c[i - length]);
    }
    for (int row = last - length; row >= start; row -= length) {
      for (int i = row; i < row + length; i++) {
        c[i] = pole * (c[i + length] - c[i]);
      }
    }
  }

  /** The first row of the causal filter: its response to the mirrored rows before it. */
  private static void startCausal(float[] c, int start, int count, int length) {
    int last = start + (count - 1) * length;
    double round = Math.pow(POLE, count - 1);
    addRow(c, start, last, length, (float) round);
    double power = POLE;
    for (int row = 1; row < count - 1 && Math.abs(power) > NEGLIGIBLE; row++) {
      addRow(c, start, start + row * length, length, (float) power);
      addRow(c, start, last - row * length, length, (float) (power * round));
      power *= POLE;
    }
    float scale = (float) (1 / (1 - round * round));
    for (int i = start; i < start + length; i++) {
      c[i] *= scale;
    }
  }

  private static void addRow(float[] c, int to, int from, int length, float weight) {
    if (weight != 0) {
      for (int i = 0; i < length; i++) {
        c[to + i] += weight * c[from + i];
      }
    }
  }

  /** The four coefficients that a position on one axis reads, and their weights. */
  private static final class Taps {
    final int[] index = new int[TAPS];
    final float[] weight = new float[TAPS];
    private final int size;

    Taps(int size) {
      this.size = size;
    }

    /** False if the position lies outside the axis. */
    boolean moveTo(double position) {
      if (position < 0 || position > size - 1) {
        return false;
      }
      int floor = (int) position;
      double t = position - floor;
      double u = 1 - t;
      weight[0] = (float) (u * u * u / 6);
      weight[1] = (float) ((4 - 6 * t * t + 3 * t * t * t) / 6);
      weight[2] = (float) ((4 - 6 * u * u + 3 * u * u * u) / 6);
      weight[3] = (float) (t * t * t / 6);
      for (int i = 0; i < TAPS; i++) {
        index[i] = mirrored(floor - 1 + i);
      }
      return true;
    }

    private int mirrored(int i) {
      if (size == 1) {
        return 0;
      }
      int inside = Math.abs(i);
      return inside < size ? inside : 2 * (size - 1) - inside;
    }
  }
}
