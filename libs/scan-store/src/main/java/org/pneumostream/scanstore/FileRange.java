package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A part of a file. */
final class FileRange extends InputStream {
  private final FileChannel file;
  private long left;

  /**
   * @throws UncheckedIOException if the file cannot be opened
   */
  FileRange(Path path, long from, long length) {
    try {
      file = FileChannel.open(path).position(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (left == 0 && count > 0) {
      return -1;
    }
    int read = file.read(ByteBuffer.wrap(target, offset, (int) Math.min(count, left)));
    left -= Math.max(0, read);
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
