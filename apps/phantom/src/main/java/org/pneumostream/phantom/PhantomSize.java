package org.pneumostream.phantom;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Number of voxels of a phantom.
 *
 * @param width voxels from the patient's right to left, 32 to 1024
 * @param height voxels from front to back, 32 to 1024
 * @param depth slices from the diaphragm to the apex of the lungs, 8 to 1024
 */
public record PhantomSize(int width, int height, int depth) {

  /** Quick to make, and close to the network's input. */
  public static final PhantomSize DEFAULT = new PhantomSize(128, 128, 48);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

  /**
   * @throws IllegalArgumentException if a side is out of range
   */
  public PhantomSize {
    checkSide("width", width, 32);
    checkSide("height", height, 32);
    checkSide("depth", depth, 8);
  }

  /**
   * Reads what {@link #toString()} writes.
   *
   * @param text such as {@code 512x512x40}
   * @throws IllegalArgumentException if the text is anything else
   */
  public static PhantomSize parse(String text) {
    Matcher sides = TEXT.matcher(text);
    if (!sides.matches()) {
      throw new IllegalArgumentException(
          "size '%s': expected WIDTHxHEIGHTxDEPTH such as 512x512x40".formatted(text));
    }
    return new PhantomSize(
        Integer.parseInt(sides.group(1)),
        Integer.parseInt(sides.group(2)),
        Integer.parseInt(sides.group(3)));
  }

  @Override
  public String toString() {
    return width + "x" + height + "x" + depth;
  }

  private static void checkSide(String name, int side, int least) {
    if (side < least || side > 1024) {
      throw new IllegalArgumentException(
          "size %s %d: expected %d to 1024".formatted(name, side, least));
    }
  }
}
