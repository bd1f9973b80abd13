package org.pneumostream.jnifti;

import java.util.Arrays;

/**
 * Maps a voxel index to millimetres. Row 0 is x, which grows to the patient's right; row 1 is y, to
 * the front; row 2 is z, to the head (RAS+, as NIfTI defines it). Columns 0 to 2 belong to the
 * stored axes; column 3 is the position of voxel (0, 0, 0). Immutable.
 */
public final class Affine {
  private final double[] values;

  private Affine(double[] values) {
    this.values = values;
  }

  /**
   * @param rows three rows of four values, without the fourth row
   * @throws IllegalArgumentException if there are other numbers of rows or values
   */
  public static Affine of(double[][] rows) {
    if (rows.length != 3 || Arrays.stream(rows).anyMatch(row -> row.length != 4)) {
      throw new IllegalArgumentException("an affine has three rows of four values");
    }
    double[] values = new double[12];
    for (int r = 0; r < 3; r++) {
      System.arraycopy(rows[r], 0, values, 4 * r, 4);
    }
    return new Affine(values);
  }

  /** Axes along R, A and S with the given spacing in mm; a negative spacing flips its axis. */
  public static Affine diagonal(double x, double y, double z) {
    return new Affine(new double[] {x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0});
  }

  /**
   * NIfTI's qform: the rotation of the unit quaternion (a, b, c, d) with a ≥ 0, applied to the
   * spacing, with the third axis reversed if {@code qfac} is negative, moved by {@code offset}.
   *
   * <p>If rounding left b² + c² + d² above 1, the three are scaled back to 1, as in nifti1_io.
   */
  static Affine ofQuaternion(double[] bcd, double qfac, double[] spacing, double[] offset) {
    double b = bcd[0];
    double c = bcd[1];
    double d = bcd[2];
    double squares = b * b + c * c + d * d;
    double a = 0;
    if (squares < 1) {
      a = Math.sqrt(1 - squares);
    } else {
      double length = Math.sqrt(squares);
      b /= length;
      c /= length;
      d /= length;
    }
    double x = spacing[0];
    double y = spacing[1];
    double z = qfac < 0 ? -spacing[2] : spacing[2];
    return new Affine(
        new double[] {
          x * (a * a + b * b - c * c - d * d),
          y * 2 * (b * c - a * d),
          z * 2 * (b * d + a * c),
          offset[0],
          x * 2 * (b * c + a * d),
          y * (a * a + c * c - b * b - d * d),
          z * 2 * (c * d - a * b),
          offset[1],
          x * 2 * (b * d - a * c),
          y * 2 * (c * d + a * b),
          z * (a * a + d * d - b * b - c * c),
          offset[2]
        });
  }

  /** The value in row 0 to 2, column 0 to 3. */
  public double at(int row, int column) {
    return values[4 * row + column];
  }

  /** Multiplies every length, for example to convert metres to millimetres. */
  Affine scaledBy(double factor) {
    return new Affine(Arrays.stream(values).map(value -> value * factor).toArray());
  }

  /** Length in mm of one step along each of the three stored axes. */
  public double[] spacingMm() {
    double[] spacing = new double[3];
    for (int c = 0; c < 3; c++) {
      spacing[c] = Math.hypot(Math.hypot(at(0, c), at(1, c)), at(2, c));
    }
    return spacing;
  }

  /**
   * The signed volume that the axes span if each is scaled to length 1; negative for left-handed
   * axes. It is ±1 for right angles and 0 for axes in one plane.
   */
  double unitVolume() {
    return PolarDecomposition.determinant(unitColumns());
  }

  /** The cosine of the angle between axes that is farthest from a right angle: 0 to 1. */
  double largestCosine() {
    double[][] unit = unitColumns();
    double largest = 0;
    for (int a = 0; a < 3; a++) {
      int b = (a + 1) % 3;
      double cosine = 0;
      for (int r = 0; r < 3; r++) {
        cosine += unit[r][a] * unit[r][b];
      }
      largest = Math.max(largest, Math.abs(cosine));
    }
    return largest;
  }

  /** Directions of the three axes, as unit vectors. */
  double[][] unitColumns() {
    double[] spacing = spacingMm();
    double[][] unit = new double[3][3];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        unit[r][c] = at(r, c) / spacing[c];
      }
    }
    return unit;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Affine affine && Arrays.equals(values, affine.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
