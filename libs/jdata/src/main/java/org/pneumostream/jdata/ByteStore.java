package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bytes in memory, up to a limit; grows with the bytes that arrive, without copying. */
public final class ByteStore extends OutputStream {
  private static final int CHUNK_BITS = 18;
  private static final int CHUNK_BYTES = 1 << CHUNK_BITS;

  private final String what;
  private final long most;
  private final List<byte[]> chunks = new ArrayList<>();
  private long size;

  /**
   * @param what name of the bytes, for the message if there are too many
   */
  ByteStore(String what, long most) {
    this.what = what;
    this.most = most;
  }

  long size() {
    return size;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length > most - size) {
      throw new InvalidDataException(
          what, "larger", "at most " + most + " bytes in memory (a set limit)");
    }
    int from = offset;
    int left = length;
    while (left > 0) {
      int within = within(size);
      if (within == 0) {
        chunks.add(new byte[CHUNK_BYTES]);
      }
      int count = Math.min(left, CHUNK_BYTES - within);
      System.arraycopy(source, from, chunks.get(chunks.size() - 1), within, count);
      from += count;
      left -= count;
      size += count;
    }
  }

  /** Adds the low bytes of a number, least significant first. */
  void writeLittleEndian(long value, int bytes) throws IOException {
    byte[] encoded = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      encoded[i] = (byte) (value >>> (8 * i));
    }
    write(encoded, 0, bytes);
  }

  /** The chunk that holds a position; see {@link #within}. */
  public byte[] chunk(long position) {
    return chunks.get((int) (position >>> CHUNK_BITS));
  }

  /** The offset of a position in its chunk. Chunk sizes are a multiple of every number's size. */
  public static int within(long position) {
    return (int) (position & (CHUNK_BYTES - 1));
  }

  public void copyTo(long position, byte[] target, int length) {
    int filled = 0;
    while (filled < length) {
      int within = within(position + filled);
      int count = Math.min(length - filled, CHUNK_BYTES - within);
      System.arraycopy(chunk(position + filled), within, target, filled, count);
      filled += count;
    }
  }

  InputStream input() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        if (position == size) {
          return -1;
        }
        int value = chunk(position)[within(position)] & 0xff;
        position++;
        return value;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (position == size) {
          return length == 0 ? 0 : -1;
        }
        int within = within(position);
        int count = (int) Math.min(Math.min(length, CHUNK_BYTES - within), size - position);
        System.arraycopy(chunk(position), within, target, offset, count);
        position += count;
        return count;
      }
    };
  }
}
