package org.pneumostream.preprocessing;

/**
 * Cubic B-spline interpolation of samples on a grid as SciPy does it, for the one place where
 * {@code scipy.ndimage.rotate(v, 90, reshape=False)} needs it: a plane whose sides differ by an odd
 * number of voxels is turned about a centre that lies between voxels.
 *
 * <p>SciPy filters the samples into spline coefficients, then weighs four of these. Both steps are
 * linear, so one kernel over the samples does the same (Unser, Aldroubi and Eden, "B-spline signal
 * processing", IEEE Trans. Signal Processing 41(2), 1993).
 */
final class CubicSpline {

  /**
   * How far the kernel is followed on either side. It falls by {@link #POLE} a sample: what is left
   * out is below 1e-7 of a value in [0, 1], far under the step of 1.5e-5 in which volumes are kept.
   */
  static final int REACH = 13;

  /** The pole of the filter that turns samples into cubic spline coefficients. */
  private static final double POLE = StrictMath.sqrt(3) - 2;

  private CubicSpline() {}

  /** Weight of the sample that lies {@code distance} samples from where the spline is read. */
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
