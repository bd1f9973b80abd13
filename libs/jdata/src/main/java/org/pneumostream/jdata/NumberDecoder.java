package org.pneumostream.jdata;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Converts stored numbers to values, with one loop per type, which the compiler can vectorize. */
public final class NumberDecoder {
  /** Numbers checked at a time: few enough for the fastest cache. */
  private static final int PIECE = 2048;

  private static final int FLOAT_EXPONENT = 0x7f800000;
  private static final int FLOAT_EXPONENT_UNIT = 0x00800000;
  private static final long DOUBLE_EXPONENT = 0x7ff0_0000_0000_0000L;
  private static final long DOUBLE_EXPONENT_UNIT = 0x0010_0000_0000_0000L;

  private NumberDecoder() {}

  /** One number; of 64-bit ones the nearest double. */
  public static double number(ByteBuffer bytes, NumberType type, int index) {
    return switch (type) {
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
    };
  }

  /** The values of {@code count} numbers from {@code first}, of 64-bit ones the nearest doubles. */
  public static void decode(
      ByteBuffer bytes, NumberType type, int first, int count, double[] target) {
    int at = first * type.bytes();
    switch (type) {
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
    }
  }

  /** The same for float32 numbers, which need no conversion. */
  public static void copyFloats(
      ByteBuffer bytes, int first, int count, float[] target, int offset) {
    bytes.asFloatBuffer().get(first, target, offset, count);
  }

  /**
   * How many of the first {@code count} numbers are NaN or infinite: their exponent is all ones.
   */
  public static int nonFinite(ByteBuffer bytes, NumberType type, int count) {
    return switch (type) {
      case FLOAT32 -> nonFiniteFloats(bytes.asIntBuffer(), count);
      case FLOAT64 -> nonFiniteDoubles(bytes.asLongBuffer(), count);
      default -> 0;
    };
  }

  /** Sums over an array without branches, so that the compiler can vectorize the loop. */
  private static int nonFiniteFloats(IntBuffer bits, int count) {
    int[] piece = new int[Math.min(count, PIECE)];
    int found = 0;
    for (int from = 0; from < count; from += piece.length) {
      int length = Math.min(piece.length, count - from);
      bits.get(from, piece, 0, length);
      for (int i = 0; i < length; i++) {
        found += ((piece[i] & FLOAT_EXPONENT) + FLOAT_EXPONENT_UNIT) >>> 31;
      }
    }
    return found;
  }

  private static int nonFiniteDoubles(LongBuffer bits, int count) {
    long[] piece = new long[Math.min(count, PIECE)];
    long found = 0;
    for (int from = 0; from < count; from += piece.length) {
      int length = Math.min(piece.length, count - from);
      bits.get(from, piece, 0, length);
      for (int i = 0; i < length; i++) {
        found += ((piece[i] & DOUBLE_EXPONENT) + DOUBLE_EXPONENT_UNIT) >>> 63;
      }
    }
    return (int) found;
  }

  /** Rounds to nearest: halves with the lost bit kept sticky, then doubles. */
  private static double unsignedToDouble(long value) {
    return value >= 0 ? value : 2.0 * ((value >>> 1) | (value & 1));
  }
}
