package org.pneumostream.jnifti;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.pneumostream.jnifti.JDataTokens.Token;

/** Numbers in nested arrays of equal length. */
final class NestedNumbers {
  private static final long UNKNOWN = -1;

  private final JDataTokens tokens;
  private final Datatype type;
  private final ByteStore bytes;

  /** Length of the arrays on each level, outermost first. */
  private final List<Long> shape = new ArrayList<>();

  NestedNumbers(JDataTokens tokens, Datatype type, ByteStore bytes) {
    this.tokens = tokens;
    this.type = type;
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
    Token token = tokens.next();
    while (token != Token.ARRAY_END) {
      if (token == Token.ARRAY_START) {
        readLevel(level + 1);
      } else if (level == shape.size() - 1) {
        readElement(token);
      } else {
        throw new NiftiException("NIFTIData", token, "arrays of equal depth");
      }
      count++;
      token = tokens.next();
    }
    long expected = shape.get(level);
    if (expected != UNKNOWN && expected != count) {
      throw new NiftiException("NIFTIData", "an array of " + count, expected + " as before");
    }
    shape.set(level, count);
  }

  private void readElement(Token token) throws IOException {
    switch (token) {
      case NUMBER -> write();
      case TRUE -> write(1);
      case FALSE -> write(0);
      case STRING -> write(special("NIFTIData", tokens.text()));
      default -> throw new NiftiException("NIFTIData", token, "a number");
    }
  }

  /** Reads a number that JData spells as text, since JSON cannot write it. */
  static double special(String field, String text) throws NiftiException {
    return switch (text) {
      case "_NaN_" -> Double.NaN;
      case "_Inf_", "+_Inf_" -> Double.POSITIVE_INFINITY;
      case "-_Inf_" -> Double.NEGATIVE_INFINITY;
      default -> throw new NiftiException(field, "'" + text + "'", "a number");
    };
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
    int unused = Long.SIZE - 8 * type.bytesPerVoxel();
    boolean fits =
        switch (type) {
          case UINT8, UINT16, UINT32, UINT64 -> value >= 0 && bits << unused >>> unused == bits;
          default -> value < 0 == bits < 0 && bits << unused >> unused == bits;
        };
    if (!fits) {
      throw doesNotFit(value);
    }
    bytes.writeLittleEndian(bits, type.bytesPerVoxel());
  }

  private NiftiException doesNotFit(double value) {
    return new NiftiException("NIFTIData", value, "a value of " + type + ", as its type says");
  }
}
