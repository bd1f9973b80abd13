package org.pneumostream.jnifti;

import java.nio.ByteBuffer;

/** Stored voxels to numbers. One loop a datatype, so that the compiler sees through each. */
final class VoxelDecoder {
  private VoxelDecoder() {}

  /** The stored, unscaled value of one voxel. */
  static double stored(ByteBuffer bytes, Datatype datatype, int index) {
    return switch (datatype) {
      case UINT8 -> bytes.get(index) & 0xff;
      case INT8 -> bytes.get(index);
      case UINT16 -> bytes.getShort(2 * index) & 0xffff;
      case INT16 -> bytes.getShort(2 * index);
      case UINT32 -> bytes.getInt(4 * index) & 0xffff_ffffL;
      case INT32 -> bytes.getInt(4 * index);
      case UINT64 -> unsignedToDouble(bytes.getLong(8 * index));
      case INT64 -> bytes.getLong(8 * index);
      case FLOAT32 -> bytes.getFloat(4 * index);
      case FLOAT64 -> bytes.getDouble(8 * index);
      default -> throw notReal(datatype);
    };
  }

  /** The stored, unscaled values of {@code count} voxels from {@code first}. */
  static void decode(ByteBuffer bytes, Datatype datatype, int first, int count, double[] target) {
    int at = first * datatype.bytesPerVoxel();
    switch (datatype) {
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.get(at + i) & 0xff;
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.get(at + i);
        }
      }
      case UINT16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getShort(at + 2 * i) & 0xffff;
        }
      }
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getShort(at + 2 * i);
        }
      }
      case UINT32 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getInt(at + 4 * i) & 0xffff_ffffL;
        }
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getInt(at + 4 * i);
        }
      }
      case UINT64 -> {
        for (int i = 0; i < count; i++) {
          target[i] = unsignedToDouble(bytes.getLong(at + 8 * i));
        }
      }
      case INT64 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getLong(at + 8 * i);
        }
      }
      case FLOAT32 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getFloat(at + 4 * i);
        }
      }
      case FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          target[i] = bytes.getDouble(at + 8 * i);
        }
      }
      default -> throw notReal(datatype);
    }
  }

  /** Rounds to nearest: halved with the lost bit kept sticky, then doubled. */
  private static double unsignedToDouble(long value) {
    return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
  }

  private static IllegalStateException notReal(Datatype datatype) {
    return new IllegalStateException(datatype + " voxels are not single real numbers");
  }
}
