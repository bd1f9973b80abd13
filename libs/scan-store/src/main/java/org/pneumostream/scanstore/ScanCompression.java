package org.pneumostream.scanstore;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * Compression of published scans: one zstd frame with a checksum (RFC 8878), as in {@code
 * .nii.zst}. The pushing client waits for it, and gzip at its fastest level takes six times as long
 * for the same size.
 */
public final class ScanCompression {
  private static final byte[] MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final int LEVEL = 1;

  private ScanCompression() {}

  /**
   * Compresses what is written. Closing the stream ends the frame and closes the target.
   *
   * @throws IOException if zstd has no memory
   */
  public static OutputStream compress(OutputStream target) throws IOException {
    return new ZstdOutputStreamNoFinalizer(target, LEVEL).setChecksum(true);
  }

  /**
   * Decompresses a zstd frame. Other bytes are returned unchanged, since scans of earlier versions
   * are gzipped or plain. Closing the stream closes the source.
   *
   * @throws IOException here or while reading, if the frame is damaged or cut off
   */
  public static InputStream decompress(InputStream source) throws IOException {
    PushbackInputStream start = new PushbackInputStream(source, MAGIC.length);
    byte[] first = start.readNBytes(MAGIC.length);
    start.unread(first);
    return Arrays.equals(first, MAGIC) ? new ZstdInputStreamNoFinalizer(start) : start;
  }
}
