package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Compression of whole files, told by content. */
public final class Compression {
  private Compression() {}

  /**
   * The bytes themselves, or what they inflate to when they start with the gzip magic. A gzip
   * stream is held against its CRC and length where it ends, so read it to its end. Reads are not
   * buffered: ask for many bytes at once.
   *
   * @throws InvalidDataException (here or while reading) on a gzip stream that is damaged or cut
   *     off
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
