package org.pneumostream.jdata;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Keeps a stream open when a writer above it is closed, as an encoder must be to write its end.
 * Closing this one flushes.
 */
public final class KeptOpenOutput extends FilterOutputStream {
  public KeptOpenOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    out.write(source, offset, length);
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
