package org.pneumostream.jnifti;

import java.util.List;

/**
 * Which stored axis, in which direction, runs along the patient's right, front and head.
 *
 * @param axes the stored axis (0, 1 or 2) along R, A and S, in this order
 * @param flips whether that stored axis runs against R, A and S
 */
public record Orientation(List<Integer> axes, List<Boolean> flips) {
  private static final String POSITIVE = "RAS";
  private static final String NEGATIVE = "LPI";

  /** The order of a scan stored as R, A, S. */
  public static final Orientation RAS =
      new Orientation(List.of(0, 1, 2), List.of(false, false, false));

  /**
   * @throws IllegalArgumentException unless each of the stored axes 0, 1 and 2 occurs once
   */
  public Orientation {
    axes = List.copyOf(axes);
    flips = List.copyOf(flips);
    if (axes.size() != 3 || !axes.containsAll(List.of(0, 1, 2)) || flips.size() != 3) {
      throw new IllegalArgumentException(
          "axes are " + axes + " and flips " + flips + ", expected a permutation of 0, 1, 2");
    }
  }

  /** The stored axis that runs along R (0), A (1) or S (2). */
  public int axis(int output) {
    return axes.get(output);
  }

  /** Whether that stored axis runs to L instead of R, P instead of A, I instead of S. */
  public boolean flipped(int output) {
    return flips.get(output);
  }

  /**
   * The nearest of the 48 axis orders and flips, as nibabel's {@code io_orientation} finds it:
   * shear is removed first, then the stored axes choose in order of how clearly each points along
   * one of R, A and S.
   *
   * @param affine with three axes that span space
   */
  public static Orientation of(Affine affine) {
    double[][] rotation = PolarDecomposition.orthogonalFactor(affine.unitColumns());
    Integer[] axes = new Integer[3];
    Boolean[] flips = new Boolean[3];
    for (int stored : clearestFirst(rotation)) {
      int output = -1;
      for (int r = 0; r < 3; r++) {
        boolean free = axes[r] == null;
        if (free
            && (output < 0 || Math.abs(rotation[r][stored]) > Math.abs(rotation[output][stored]))) {
          output = r;
        }
      }
      axes[output] = stored;
      flips[output] = rotation[output][stored] < 0;
    }
    return new Orientation(List.of(axes), List.of(flips));
  }

  /** Stored axes by their largest component, the lower axis first where two are equal. */
  private static List<Integer> clearestFirst(double[][] rotation) {
    return List.of(0, 1, 2).stream()
        .sorted((p, q) -> Double.compare(largest(rotation, q), largest(rotation, p)))
        .toList();
  }

  private static double largest(double[][] rotation, int stored) {
    double largest = 0;
    for (int r = 0; r < 3; r++) {
      largest = Math.max(largest, rotation[r][stored] * rotation[r][stored]);
    }
    return largest;
  }

  /** The direction of each stored axis, such as {@code LPS}: first axis to the left, and so on. */
  public String code() {
    char[] code = new char[3];
    for (int output = 0; output < 3; output++) {
      code[axis(output)] = (flipped(output) ? NEGATIVE : POSITIVE).charAt(output);
    }
    return new String(code);
  }
}
