package org.pneumostream.classifier;

/**
 * Voxel counts of one volume along width, height and depth.
 *
 * <p>A volume is stored in C order of (width, height, depth): depth is fastest in memory.
 *
 * @param width voxels along the first axis, at least {@value #MINIMUM}
 * @param height voxels along the second axis, at least {@value #MINIMUM}
 * @param depth voxels along the third axis, at least {@value #MINIMUM}
 */
public record InputShape(int width, int height, int depth) {

  /**
   * Four valid 3×3×3 convolutions, each followed by a pool of two, leave one voxel of this many.
   */
  public static final int MINIMUM = 46;

  /** Keeps the largest activation of one volume below 2^31 values, the limit of one slab. */
  public static final int MAXIMUM = 512;

  /** The reference's input. */
  public static final InputShape FULL = new InputShape(128, 128, 64);

  /** Small enough for tests and quick trials. */
  public static final InputShape SMALL = new InputShape(48, 48, 48);

  public InputShape {
    requireInRange("width", width);
    requireInRange("height", height);
    requireInRange("depth", depth);
  }

  /**
   * Reads {@code WIDTHxHEIGHTxDEPTH}, like {@code 128x128x64}.
   *
   * @throws IllegalArgumentException if the text is not three numbers or one is out of range
   */
  public static InputShape parse(String text) {
    String[] sizes = text.trim().split("x", -1);
    if (sizes.length != 3) {
      throw new IllegalArgumentException(
          "input shape must look like 128x128x64 but is \"" + text + "\"");
    }
    try {
      return new InputShape(
          Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "input shape must look like 128x128x64 but is \"" + text + "\"", e);
    }
  }

  /** Number of voxels of one volume. */
  public int voxels() {
    return width * height * depth;
  }

  /** {@code WIDTHxHEIGHTxDEPTH}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return width + "x" + height + "x" + depth;
  }

  private static void requireInRange(String axis, int size) {
    if (size < MINIMUM || size > MAXIMUM) {
      throw new IllegalArgumentException(
          "input shape: "
              + axis
              + " must be "
              + MINIMUM
              + " to "
              + MAXIMUM
              + " voxels but is "
              + size);
    }
  }
}
