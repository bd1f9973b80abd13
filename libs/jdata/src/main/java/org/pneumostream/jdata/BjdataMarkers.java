package org.pneumostream.jdata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The markers of Binary JData, one byte each, and the numbers that follow some of them. */
final class BjdataMarkers {
  private static final int NOTHING = -1;

  private final BoundedInput in;
  private int unread = NOTHING;
  private double number;
  private boolean whole;
  private long wholeBits;

  BjdataMarkers(BoundedInput in) {
    this.in = in;
  }

  /** Skips no-ops. */
  int nextOrEnd() throws IOException {
    int marker = unread;
    unread = NOTHING;
    while (marker == NOTHING || marker == 'N') {
      marker = in.read();
      if (marker < 0) {
        return marker;
      }
    }
    return marker;
  }

  int next() throws IOException {
    int marker = nextOrEnd();
    if (marker < 0) {
      throw new InvalidDataException("binary JData", "cut off", "its closing brackets");
    }
    return marker;
  }

  int require(int expected) throws IOException {
    int marker = next();
    if (marker != expected) {
      throw BjdataType.unexpected(marker, "'" + (char) expected + "'");
    }
    return marker;
  }

  /** Pushes a marker back; it is the next one read. */
  void unread(int marker) {
    unread = marker;
  }

  /** Reads the number that follows a marker of a numeric type. */
  void readNumber(int marker) throws IOException {
    NumberType type = BjdataType.of(marker);
    byte[] bytes = new byte[type.bytes()];
    in.readFully(bytes, bytes.length, "binary JData number");
    ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    number = NumberDecoder.number(value, type, 0);
    whole = !type.isFloatingPoint();
    wholeBits =
        switch (type) {
          case UINT64, INT64 -> value.getLong(0);
          default -> (long) number;
        };
  }

  /** Reads a length or a count. */
  long length(int type) throws IOException {
    readNumber(type);
    if (!whole || wholeBits < 0) {
      throw new InvalidDataException("binary JData length", number, "a whole number of at least 0");
    }
    return wholeBits;
  }

  /** The number read last; a 64-bit integer is rounded to the nearest double. */
  double number() {
    return number;
  }

  /** Whether it has an integer type. */
  boolean isWhole() {
    return whole;
  }

  /** Its exact bits, if it has an integer type. */
  long wholeBits() {
    return wholeBits;
  }
}
