package org.pneumostream.preprocess;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A scan as the network takes it: values in [0, 1] kept as 16-bit unsigned fixed point, {@code q =
 * round(v · 65535)}; axes width, height, depth, depth fastest. No value is off by more than 7.7e-6.
 */
public final class NetworkVolume {

  private static final float STEPS = 65535f;

  private final VolumeShape shape;
  private final short[] voxels;
  private final List<String> warnings;

  private NetworkVolume(VolumeShape shape, short[] voxels, List<String> warnings) {
    this.shape = shape;
    this.voxels = voxels;
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Rounds values to the steps of the fixed point.
   *
   * @param values one a voxel, depth fastest; what lies outside [0, 1] is clipped, NaN becomes 0
   * @param warnings what is odd about the scan
   * @throws IllegalArgumentException if there are more or fewer values than voxels
   */
  public static NetworkVolume quantized(VolumeShape shape, float[] values, List<String> warnings) {
    if (values.length != shape.voxels()) {
      throw new IllegalArgumentException(
          "%d values: expected %d for shape %s".formatted(values.length, shape.voxels(), shape));
    }
    short[] voxels = new short[values.length];
    for (int i = 0; i < voxels.length; i++) {
      // NaN goes through to the cast, which makes it 0.
      float clipped = Math.max(0f, Math.min(1f, values[i]));
      voxels[i] = (short) (int) (clipped * STEPS + 0.5f);
    }
    return new NetworkVolume(shape, voxels, warnings);
  }

  /**
   * Reads what {@link #toLittleEndian()} writes, without warnings.
   *
   * @throws IllegalArgumentException if the length is not two bytes a voxel
   */
  public static NetworkVolume fromLittleEndian(VolumeShape shape, ByteBuffer bytes) {
    if (bytes.remaining() != shape.voxels() * Short.BYTES) {
      throw new IllegalArgumentException(
          "%d bytes: expected %d for shape %s"
              .formatted(bytes.remaining(), shape.voxels() * Short.BYTES, shape));
    }
    short[] voxels = new short[shape.voxels()];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(voxels);
    return new NetworkVolume(shape, voxels, List.of());
  }

  public VolumeShape shape() {
    return shape;
  }

  /** What is odd about the scan, one sentence each: see {@link Plausibility}. */
  public List<String> warnings() {
    return warnings;
  }

  /** The value of one voxel, in [0, 1]. */
  public float value(int w, int h, int d) {
    Objects.checkIndex(w, shape.width());
    Objects.checkIndex(h, shape.height());
    Objects.checkIndex(d, shape.depth());
    return toFloat(voxels[(w * shape.height() + h) * shape.depth() + d]);
  }

  /** All values in [0, 1], depth fastest. */
  public float[] toFloats() {
    float[] values = new float[voxels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = toFloat(voxels[i]);
    }
    return values;
  }

  /** The fixed-point values, depth fastest; a copy. */
  public short[] voxels() {
    return voxels.clone();
  }

  /** The fixed-point values, two bytes a voxel, little-endian, depth fastest. */
  public byte[] toLittleEndian() {
    byte[] bytes = new byte[voxels.length * Short.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(voxels);
    return bytes;
  }

  /** Of shape and voxels. */
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

  private static float toFloat(short voxel) {
    return Short.toUnsignedInt(voxel) / STEPS;
  }
}
