package org.pneumostream.scanstore;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Compression of published scans: one zstd frame with a checksum (RFC 8878), as in {@code
 * .nii.zst}. The pushing client waits for it, and gzip at its fastest level takes six times as long
 * for the same size.
 */
public final class ScanCompression {
  private static final int LEVEL = 1;

  /** The smallest that zstd takes: as little as possible waits for its compression. */
  private static final int JOB_BYTES = 512 << 10;

  private ScanCompression() {}

  /**
   * Compresses what is written, on a thread of zstd's own beside the writer's. The same bytes give
   * the same frame. Closing the stream ends the frame and closes the target.
   *
   * @throws IOException if zstd has no memory
   */
  public static OutputStream compress(OutputStream target) throws IOException {
    return new ZstdOutputStreamNoFinalizer(target, LEVEL)
        .setChecksum(true)
        .setWorkers(1)
        .setJobSize(JOB_BYTES);
  }

  /**
   * The file inside a zstd frame. Closing it closes the source.
   *
   * @throws IOException here or while reading, if the bytes are not a whole, undamaged frame
   */
  public static InputStream decompress(InputStream source) throws IOException {
    return new ZstdInputStreamNoFinalizer(source) {
      @Override
      public int read(byte[] target, int offset, int count) throws IOException {
        try {
          return super.read(target, offset, count);
        } catch (ZstdIOException e) {
          throw new IOException("not a whole, undamaged zstd frame: " + e.getMessage(), e);
        }
      }
    };
  }
}
