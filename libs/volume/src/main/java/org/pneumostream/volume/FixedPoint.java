package org.pneumostream.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Voxels in [0, 1] as 16-bit unsigned fixed point: {@code q = round(v · 65535)}. The rounding error
 * is at most 7.7e-6. On the wire a voxel takes two bytes, little-endian.
 */
public final class FixedPoint {
  private static final float ONE = 65535f;
  private static final int UNSIGNED = 0xFFFF;

  private FixedPoint() {}

  /** Rounds to the nearest step. Values outside [0, 1] are clipped; NaN becomes 0. */
  public static short of(float value) {
    // The cast turns NaN into 0.
    float clipped = Math.max(0f, Math.min(1f, value));
    return (short) (int) (clipped * ONE + 0.5f);
  }

  /** The value of a voxel, in [0, 1]. */
  public static float toFloat(short voxel) {
    return (voxel & UNSIGNED) / ONE;
  }

  /** Converts each value with {@link #of(float)}. */
  public static short[] of(float[] values) {
    short[] voxels = new short[values.length];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = of(values[i]);
    }
    return voxels;
  }

  /** The value of each voxel, in [0, 1]. */
  public static float[] toFloats(short[] voxels) {
    float[] values = new float[voxels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = toFloat(voxels[i]);
    }
    return values;
  }

  /** Bytes that a volume's voxels take. */
  public static int bytes(InputShape shape) {
    return shape.voxels() * Short.BYTES;
  }

  /** Two bytes a voxel, little-endian. */
  public static byte[] toLittleEndian(short[] voxels) {
    byte[] bytes = new byte[voxels.length * Short.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(voxels);
    return bytes;
  }

  /**
   * Reads what {@link #toLittleEndian} writes; does not move the buffer's position.
   *
   * @throws IllegalArgumentException if the length is not two bytes per voxel of the shape
   */
  public static short[] fromLittleEndian(ByteBuffer bytes, InputShape shape) {
    if (bytes.remaining() != bytes(shape)) {
      throw new IllegalArgumentException(
          "voxels: %d bytes, expected %d".formatted(bytes.remaining(), bytes(shape)));
    }
    short[] voxels = new short[shape.voxels()];
    bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(voxels);
    return voxels;
  }
}
