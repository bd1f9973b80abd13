package org.pneumostream.jdata;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Numbers in nested arrays of equal length. */
final class NestedNumbers {
  private static final long UNKNOWN = -1;

  private final JDataTokens tokens;
  private final NumberType type;
  private final String field;
  private final ByteStore bytes;

  /** Length of the arrays on each level, outermost first. */
  private final List<Long> shape = new ArrayList<>();

  /**
   * @param field that holds them
   * @param bytes where they go, little-endian
   */
  NestedNumbers(JDataTokens tokens, NumberType type, String field, ByteStore bytes) {
    this.tokens = tokens;
    this.type = type;
    this.field = field;
    this.bytes = bytes;
  }

  /** Reads to the end of the array that has just started. */
  JDataArray read() throws IOException {
    readLevel(0);
    return new JDataArray(type, List.copyOf(shape), false, ByteOrder.LITTLE_ENDIAN, bytes);
  }

  /** Recursion is bounded by the depth limit of the tokens. */
  private void readLevel(int level) throws IOException {
    if (shape.size() == level) {
      shape.add(UNKNOWN);
    }
    long count = 0;
    JDataToken token = tokens.next();
    while (token != JDataToken.ARRAY_END) {
      if (token == JDataToken.ARRAY_START) {
        readLevel(level + 1);
      } else if (level == shape.size() - 1) {
        readElement(token);
      } else {
        throw new InvalidDataException(field, token, "arrays of equal depth");
      }
      count++;
      token = tokens.next();
    }
    long expected = shape.get(level);
    if (expected != UNKNOWN && expected != count) {
      throw new InvalidDataException(field, "an array of " + count, expected + " as before");
    }
    shape.set(level, count);
  }

  private void readElement(JDataToken token) throws IOException {
    switch (token) {
      case NUMBER -> write();
      case TRUE -> write(1);
      case FALSE -> write(0);
      case STRING -> write(JDataNumbers.special(field, tokens.text()));
      default -> throw new InvalidDataException(field, token, "a number");
    }
  }

  private void write() throws IOException {
    if (type.isFloatingPoint() || !tokens.isWhole()) {
      write(tokens.number());
    } else {
      writeWhole(tokens.wholeBits(), tokens.number());
    }
  }

  private void write(double value) throws IOException {
    switch (type) {
      case FLOAT64 -> bytes.writeLittleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
      case FLOAT32 -> bytes.writeLittleEndian(Float.floatToRawIntBits((float) value), Float.BYTES);
      default -> {
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
          throw doesNotFit(value);
        }
        writeWhole((long) value, value);
      }
    }
  }

  /**
   * @param bits the number's low 64 bits; only together with {@code value} they distinguish 2^63
   *     and above from negative numbers
   * @param value the number, rounded to double
   */
  private void writeWhole(long bits, double value) throws IOException {
    int unused = Long.SIZE - 8 * type.bytes();
    boolean fits =
        switch (type) {
          case UINT8, UINT16, UINT32, UINT64 -> value >= 0 && bits << unused >>> unused == bits;
          default -> value < 0 == bits < 0 && bits << unused >> unused == bits;
        };
    if (!fits) {
      throw doesNotFit(value);
    }
    bytes.writeLittleEndian(bits, type.bytes());
  }

  private InvalidDataException doesNotFit(double value) {
    return new InvalidDataException(field, value, "a value of " + type + ", as its type says");
  }
}
