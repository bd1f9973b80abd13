package org.pneumostream.preprocess;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many voxels the network takes along width, height and depth.
 *
 * <p>In memory and on the wire depth runs fastest, then height: C order of the reference's {@code
 * (128, 128, 64)}.
 *
 * @param width voxels along the first axis, 1 to 1024
 * @param height voxels along the second axis, 1 to 1024
 * @param depth voxels along the third axis, 1 to 1024
 */
public record VolumeShape(int width, int height, int depth) {

  /** What the reference resizes every scan to. */
  public static final VolumeShape DEFAULT = new VolumeShape(128, 128, 64);

  private static final int MAX_SIDE = 1024;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

  /**
   * @throws IllegalArgumentException if a side is out of range, or the volume larger than 2 GiB of
   *     floats
   */
  public VolumeShape {
    checkSide("width", width);
    checkSide("height", height);
    checkSide("depth", depth);
    if ((long) width * height * depth > Integer.MAX_VALUE / Float.BYTES) {
      throw new IllegalArgumentException(
          "shape %dx%dx%d: expected at most %d voxels"
              .formatted(width, height, depth, Integer.MAX_VALUE / Float.BYTES));
    }
  }

  /**
   * Reads what {@link #toString()} writes.
   *
   * @param text such as {@code 128x128x64}
   * @throws IllegalArgumentException if the text is anything else
   */
  public static VolumeShape parse(String text) {
    Matcher sides = TEXT.matcher(text);
    if (!sides.matches()) {
      throw new IllegalArgumentException(
          "shape '%s': expected WIDTHxHEIGHTxDEPTH such as 128x128x64".formatted(text));
    }
    return new VolumeShape(
        Integer.parseInt(sides.group(1)),
        Integer.parseInt(sides.group(2)),
        Integer.parseInt(sides.group(3)));
  }

  /** Number of voxels. */
  public int voxels() {
    return width * height * depth;
  }

  @Override
  public String toString() {
    return width + "x" + height + "x" + depth;
  }

  private static void checkSide(String name, int side) {
    if (side < 1 || side > MAX_SIDE) {
      throw new IllegalArgumentException(
          "shape %s %d: expected 1 to %d".formatted(name, side, MAX_SIDE));
    }
  }
}
