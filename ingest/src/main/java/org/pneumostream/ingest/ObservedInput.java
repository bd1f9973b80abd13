package org.pneumostream.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Shows each byte to an observer as it passes, including skipped ones. Closing it leaves the
 * underlying stream open, which belongs to the caller.
 */
final class ObservedInput extends FilterInputStream {
  private static final int SKIP_BYTES = 1 << 16;

  /** Sees the bytes in order. */
  @FunctionalInterface
  interface Observer {
    void see(byte[] bytes, int offset, int count) throws IOException;
  }

  private final Observer observer;

  ObservedInput(InputStream in, Observer observer) {
    super(in);
    this.observer = observer;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    int read = in.read(target, offset, count);
    if (read > 0) {
      observer.see(target, offset, read);
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    if (count <= 0) {
      return 0;
    }
    byte[] skipped = new byte[(int) Math.min(count, SKIP_BYTES)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() {}
}
