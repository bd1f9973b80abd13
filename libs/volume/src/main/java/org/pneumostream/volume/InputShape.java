package org.pneumostream.volume;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Voxel counts of a volume along width, height and depth. Scans are resized to it.
 *
 * <p>In memory and on the wire depth runs fastest, then height: C order of (width, height, depth).
 *
 * @param width voxels along the first axis, 1 to 1024
 * @param height voxels along the second axis, 1 to 1024
 * @param depth voxels along the third axis, 1 to 1024
 */
public record InputShape(int width, int height, int depth) {
  /**
   * The shortest axis that the network takes. Four valid 3×3×3 convolutions, each followed by a
   * pool of two, reduce it to one voxel.
   */
  public static final int NETWORK_MINIMUM = 46;

  /** Keeps the largest activation of one volume below 2^31 values, the limit of one slab. */
  public static final int NETWORK_MAXIMUM = 512;

  /** The reference's input. */
  public static final InputShape FULL = new InputShape(128, 128, 64);

  /** Small enough for tests and quick trials. */
  public static final InputShape SMALL = new InputShape(48, 48, 48);

  /** The form that {@link #parse} reads, for messages. */
  public static final String FORM = "WIDTHxHEIGHTxDEPTH such as 128x128x64";

  private static final int MAXIMUM = 1024;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

  /**
   * @throws IllegalArgumentException if an axis is out of range, or the volume is larger than 2 GiB
   *     of floats
   */
  public InputShape {
    requireInRange("width", width, 1, MAXIMUM);
    requireInRange("height", height, 1, MAXIMUM);
    requireInRange("depth", depth, 1, MAXIMUM);
    if ((long) width * height * depth > Integer.MAX_VALUE / Float.BYTES) {
      throw new IllegalArgumentException(
          "shape %dx%dx%d: expected at most %d voxels"
              .formatted(width, height, depth, Integer.MAX_VALUE / Float.BYTES));
    }
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @param text such as {@code 128x128x64}
   * @throws IllegalArgumentException if the text is anything else, or an axis is out of range
   */
  public static InputShape parse(String text) {
    Matcher axes = TEXT.matcher(text);
    if (!axes.matches()) {
      throw new IllegalArgumentException("shape '%s': expected %s".formatted(text, FORM));
    }
    return new InputShape(
        Integer.parseInt(axes.group(1)),
        Integer.parseInt(axes.group(2)),
        Integer.parseInt(axes.group(3)));
  }

  /**
   * Reads a shape that the network takes.
   *
   * @throws IllegalArgumentException as {@link #parse} and {@link #requireForNetwork} do
   */
  public static InputShape forNetwork(String text) {
    return parse(text).requireForNetwork();
  }

  /**
   * This shape, if the network takes it.
   *
   * @throws IllegalArgumentException if an axis is shorter than {@value #NETWORK_MINIMUM} voxels or
   *     longer than {@value #NETWORK_MAXIMUM}
   */
  public InputShape requireForNetwork() {
    requireInRange("width", width, NETWORK_MINIMUM, NETWORK_MAXIMUM);
    requireInRange("height", height, NETWORK_MINIMUM, NETWORK_MAXIMUM);
    requireInRange("depth", depth, NETWORK_MINIMUM, NETWORK_MAXIMUM);
    return this;
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

  private static void requireInRange(String axis, int size, int least, int most) {
    if (size < least || size > most) {
      throw new IllegalArgumentException(
          "shape %s %d: expected %d to %d".formatted(axis, size, least, most));
    }
  }
}
