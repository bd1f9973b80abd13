package org.pneumostream.preprocessing;

/**
 * Cubic B-spline interpolation of samples on a grid, as SciPy does it. {@code
 * scipy.ndimage.rotate(v, 90, reshape=False)} needs it in one case: a plane whose sides differ by
 * an odd number of voxels rotates about a centre between voxels.
 *
 * <p>SciPy filters the samples into spline coefficients, then weighs four of these. Both steps are
 * linear, so one kernel over the samples does the same (Unser, Aldroubi and Eden, "B-spline signal
 * processing", IEEE Trans. Signal Processing 41(2), 1993).
 */
final class CubicSpline {

  /**
   * Samples of the kernel on either side. The kernel falls by {@link #POLE} per sample: the omitted
   * part is below 1e-7 of a value in [0, 1], far below a volume's step of 1.5e-5.
   */
  static final int REACH = 13;

  /** The pole of the filter that turns samples into cubic spline coefficients. */
  private static final double POLE = StrictMath.sqrt(3) - 2;

  private CubicSpline() {}

  /** Weight of the sample at {@code distance} samples from the interpolated position. */
  static double weight(double distance) {
    int nearest = (int) Math.floor(distance);
    double sum = 0;
    for (int k = nearest - 1; k <= nearest + 2; k++) {
      sum += basis(distance - k) * coefficient(k);
    }
    return sum;
  }

  /** Response of the coefficient {@code k} samples away from a single 1 among zeros. */
  private static double coefficient(int k) {
    return -6 * POLE / (1 - POLE * POLE) * StrictMath.pow(POLE, Math.abs(k));
  }

  private static double basis(double t) {
    double a = Math.abs(t);
    if (a < 1) {
      return 2.0 / 3 - a * a + a * a * a / 2;
    }
    return a < 2 ? (2 - a) * (2 - a) * (2 - a) / 6 : 0;
  }
}
