package org.pneumostream.preprocessing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;

/**
 * A scan as the network takes it: values in [0, 1] as {@linkplain FixedPoint fixed point}; axes
 * width, height, depth, depth fastest.
 */
public final class NetworkVolume {
  private final InputShape shape;
  private final short[] voxels;
  private final List<String> warnings;

  private NetworkVolume(InputShape shape, short[] voxels, List<String> warnings) {
    this.shape = shape;
    this.voxels = voxels;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Rounds values to fixed point.
   *
   * @param values one per voxel, depth fastest; values outside [0, 1] are clipped, NaN becomes 0
   * @param warnings what is unusual about the scan
   * @throws IllegalArgumentException if the number of values differs from the number of voxels
   */
  public static NetworkVolume quantized(InputShape shape, float[] values, List<String> warnings) {
    if (values.length != shape.voxels()) {
      throw new IllegalArgumentException(
          "%d values: expected %d for shape %s".formatted(values.length, shape.voxels(), shape));
    }
    return new NetworkVolume(shape, FixedPoint.of(values), warnings);
  }

  /**
   * Reads what {@link #toLittleEndian()} writes, without warnings.
   *
   * @throws IllegalArgumentException if the length is not two bytes per voxel
   */
  public static NetworkVolume fromLittleEndian(InputShape shape, ByteBuffer bytes) {
    return new NetworkVolume(shape, FixedPoint.fromLittleEndian(bytes, shape), List.of());
  }

  public InputShape shape() {
    return shape;
  }

  /** What is unusual about the scan, one sentence each: see {@link Plausibility}. */
  public List<String> warnings() {
    return warnings;
  }

  /** The value of one voxel, in [0, 1]. */
  public float value(int w, int h, int d) {
    Objects.checkIndex(w, shape.width());
    Objects.checkIndex(h, shape.height());
    Objects.checkIndex(d, shape.depth());
    return FixedPoint.toFloat(voxels[(w * shape.height() + h) * shape.depth() + d]);
  }

  /** All values in [0, 1], depth fastest. */
  public float[] toFloats() {
    return FixedPoint.toFloats(voxels);
  }

  /** The fixed-point values, depth fastest; a copy. */
  public short[] voxels() {
    return voxels.clone();
  }

  /** The fixed-point values, two bytes per voxel, little-endian, depth fastest. */
  public byte[] toLittleEndian() {
    return FixedPoint.toLittleEndian(voxels);
  }

  /** Compares shape and voxels. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkVolume that
        && shape.equals(that.shape)
        && Arrays.equals(voxels, that.voxels);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(voxels);
  }

  @Override
  public String toString() {
    return "NetworkVolume[" + shape + "]";
  }
}
