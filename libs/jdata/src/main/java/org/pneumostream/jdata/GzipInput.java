package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a gzip stream (RFC 1952) straight into the reader's array, including streams of several
 * members. It checks every member against its CRC and length, so that a cut-off or damaged file is
 * always detected.
 */
final class GzipInput extends InputStream {
  static final int MAGIC_1 = 0x1f;
  static final int MAGIC_2 = 0x8b;

  private static final int INPUT_BYTES = 128 << 10;
  private static final int DEFLATE = 8;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private static final String AFTER = "padding after the gzip data";

  private final InputStream in;
  private final byte[] input = new byte[INPUT_BYTES];
  private int position;
  private int limit;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean atEnd;
  private boolean closed;

  GzipInput(InputStream in) throws IOException {
    this.in = in;
    readMemberHeader(nextByte(), nextByte());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("gzip stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    while (!atEnd) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        position = limit - inflater.getRemaining();
        checkTrailer();
        startNextMember();
      } else if (inflater.needsDictionary()) {
        throw new InvalidDataException("gzip data", "made with a preset dictionary", "none");
      } else {
        fill();
        inflater.setInput(input, position, limit - position);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw new InvalidDataException("gzip data", "damaged (" + e.getMessage() + ")", "deflate", e);
    }
  }

  private void checkTrailer() throws IOException {
    long storedCrc = littleEndian(4);
    if (storedCrc != crc.getValue()) {
      throw new InvalidDataException(
          "gzip CRC-32", Long.toHexString(storedCrc), Long.toHexString(crc.getValue()));
    }
    long storedLength = littleEndian(4);
    long inflated = inflater.getBytesWritten() & 0xffff_ffffL;
    if (storedLength != inflated) {
      throw new InvalidDataException("gzip ISIZE", storedLength, String.valueOf(inflated));
    }
  }

  /** Zeros of at most one page may pad a gzip file; anything else must be another member. */
  private void startNextMember() throws IOException {
    int first = nextByteOrEnd();
    int zeros = 0;
    while (first == 0) {
      zeros++;
      if (zeros > BoundedInput.MOST_PADDING_BYTES) {
        throw new InvalidDataException(
            AFTER, "longer", "at most " + BoundedInput.MOST_PADDING_BYTES + " zeros");
      }
      first = nextByteOrEnd();
    }
    if (first < 0) {
      atEnd = true;
      return;
    }
    if (zeros > 0) {
      throw new InvalidDataException(AFTER, first, "zeros or the end");
    }
    inflater.reset();
    crc.reset();
    readMemberHeader(first, nextByte());
  }

  private void readMemberHeader(int magic1, int magic2) throws IOException {
    if (magic1 != MAGIC_1 || magic2 != MAGIC_2) {
      throw new InvalidDataException(
          "gzip magic", String.format("%02x %02x", magic1, magic2), "1f 8b or the end");
    }
    int method = nextByte();
    if (method != DEFLATE) {
      throw new InvalidDataException("gzip CM", method, "8 (deflate)");
    }
    int flags = nextByte();
    skip(6); // MTIME, XFL, OS
    if ((flags & FLAG_EXTRA) != 0) {
      skip((int) littleEndian(2));
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.setInput(input, position, limit - position);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      nextByte();
    }
  }

  private void skipText() throws IOException {
    int next = nextByte();
    while (next != 0) {
      next = nextByte();
    }
  }

  private long littleEndian(int count) throws IOException {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) nextByte();
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private int nextByte() throws IOException {
    int next = nextByteOrEnd();
    if (next < 0) {
      throw cutOff();
    }
    return next;
  }

  private int nextByteOrEnd() throws IOException {
    if (position == limit && !fillOrEnd()) {
      return -1;
    }
    return input[position++] & 0xff;
  }

  private void fill() throws IOException {
    if (!fillOrEnd()) {
      throw cutOff();
    }
  }

  private boolean fillOrEnd() throws IOException {
    int count = in.read(input, 0, input.length);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  private static InvalidDataException cutOff() {
    return new InvalidDataException("gzip data", "cut off", "a CRC-32 and a length at its end");
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      inflater.end();
      in.close();
    }
  }
}
