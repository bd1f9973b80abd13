package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Decompresses whole files; detects gzip by content. */
public final class Compression {
  private Compression() {}

  /**
   * Returns the bytes themselves, or the inflated bytes if they start with the gzip magic. A gzip
   * stream is checked against its CRC and length at its end, so read it to the end. Reads are not
   * buffered: ask for many bytes at once.
   *
   * @throws InvalidDataException (here or while reading) if a gzip stream is damaged or cut off
   */
  public static InputStream inflate(InputStream in) throws IOException {
    PushbackInputStream start = new PushbackInputStream(in, 2);
    byte[] magic = start.readNBytes(2);
    start.unread(magic);
    boolean gzip =
        magic.length == 2
            && (magic[0] & 0xff) == GzipInput.MAGIC_1
            && (magic[1] & 0xff) == GzipInput.MAGIC_2;
    return gzip ? new GzipInput(start) : start;
  }
}
