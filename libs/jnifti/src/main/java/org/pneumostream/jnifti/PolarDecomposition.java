package org.pneumostream.jnifti;

/** The rotation nearest to a 3×3 matrix, by Newton's iteration (Higham 1986). */
final class PolarDecomposition {
  private static final int MOST_STEPS = 100;
  private static final double CONVERGED = 1e-15;

  private PolarDecomposition() {}

  /**
   * The orthogonal factor of the polar decomposition.
   *
   * @param matrix invertible, {@code [row][column]}
   */
  static double[][] orthogonalFactor(double[][] matrix) {
    double[][] x = matrix;
    for (int step = 0; step < MOST_STEPS; step++) {
      double[][] inverseTransposed = inverseTransposed(x);
      double[][] next = new double[3][3];
      double change = 0;
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          next[r][c] = (x[r][c] + inverseTransposed[r][c]) / 2;
          change = Math.max(change, Math.abs(next[r][c] - x[r][c]));
        }
      }
      x = next;
      if (change < CONVERGED) {
        break;
      }
    }
    return x;
  }

  static double determinant(double[][] m) {
    return m[0][0] * cofactor(m, 0, 0) + m[0][1] * cofactor(m, 0, 1) + m[0][2] * cofactor(m, 0, 2);
  }

  private static double[][] inverseTransposed(double[][] m) {
    double determinant = determinant(m);
    double[][] result = new double[3][3];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        result[r][c] = cofactor(m, r, c) / determinant;
      }
    }
    return result;
  }

  /** Cyclic indices give the minors their sign. */
  private static double cofactor(double[][] m, int r, int c) {
    int r1 = (r + 1) % 3;
    int r2 = (r + 2) % 3;
    int c1 = (c + 1) % 3;
    int c2 = (c + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  }
}
