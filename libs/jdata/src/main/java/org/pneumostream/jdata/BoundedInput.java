package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Counts the bytes read, stops at the limit, and detects a cut-off file. */
public final class BoundedInput extends InputStream {
  private static final int CHUNK_BYTES = 1 << 20;

  /** Programs and tapes pad a file to the next page at most. */
  static final int MOST_PADDING_BYTES = 4096;

  private final InputStream in;
  private final long most;
  private long position;
  private long end = Long.MAX_VALUE;
  private String before = "";

  public BoundedInput(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /** Bytes read so far. */
  public long position() {
    return position;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    if (next >= 0) {
      count(1);
    }
    return next;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = in.read(target, offset, length);
    if (read > 0) {
      count(read);
    }
    return read;
  }

  private void count(int read) throws InvalidDataException {
    position += read;
    if (position > end) {
      throw new InvalidDataException(
          "padding after " + before, "longer", "at most " + MOST_PADDING_BYTES + " bytes");
    }
    if (position > most) {
      throw new InvalidDataException(
          "size after decompression", "larger", "at most " + most + " bytes (a set limit)");
    }
  }

  /**
   * Fills the array's first {@code length} bytes.
   *
   * @param what name of the bytes, for the message if they are missing
   */
  public void readFully(byte[] target, int length, String what) throws IOException {
    requireAll(readNBytes(target, 0, length), length, what);
  }

  /**
   * Reads this many bytes; the array grows with the bytes that arrive, not with the length asked
   * for.
   */
  public byte[] readFully(long length, String what) throws IOException {
    byte[] bytes = new byte[(int) Math.min(length, CHUNK_BYTES)];
    int filled = readNBytes(bytes, 0, bytes.length);
    while (filled == bytes.length && filled < length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
      filled += readNBytes(bytes, filled, bytes.length - filled);
    }
    requireAll(filled, length, what);
    return bytes;
  }

  private static void requireAll(long read, long expected, String what)
      throws InvalidDataException {
    if (read < expected) {
      throw new InvalidDataException(what, "cut off after " + read + " bytes", expected + " bytes");
    }
  }

  public void skipFully(long length, String what) throws IOException {
    byte[] scratch = new byte[(int) Math.min(length, CHUNK_BYTES)];
    long skipped = 0;
    while (skipped < length) {
      int read = read(scratch, 0, (int) Math.min(scratch.length, length - skipped));
      if (read < 0) {
        requireAll(skipped, length, what);
      }
      skipped += read;
    }
  }

  /**
   * Allows only padding from here on.
   *
   * @param before what the padding follows, for the message if there is more
   */
  public void expectEnd(String before) {
    this.before = before;
    end = position + MOST_PADDING_BYTES;
  }

  /**
   * Reads to the end, where a gzip stream is checked against its checksum.
   *
   * @param before what the rest follows, for the message if it is more than padding
   */
  public void drain(String before) throws IOException {
    expectEnd(before);
    byte[] scratch = new byte[MOST_PADDING_BYTES + 1];
    int read = 0;
    while (read >= 0) {
      read = read(scratch, 0, scratch.length);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
