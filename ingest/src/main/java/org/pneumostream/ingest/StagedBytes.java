package org.pneumostream.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanUpload;
import org.pneumostream.schemas.Reference;

/**
 * Holds the published form of a scan until the scan is accepted or rejected: in memory, or on the
 * scan store's staging disk once it is too large for a record. Nothing goes to the scan store
 * before {@link #keep}; closing it without that leaves nothing behind. For one thread.
 */
final class StagedBytes extends OutputStream {
  private static final int FIRST_BYTES = 64 << 10;

  /** The final location of the bytes: exactly one of the two is set. */
  record Kept(@Nullable ByteBuffer content, @Nullable Reference reference) {}

  /** The scan store did not accept the bytes; distinct from a failure of the sender. */
  static final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1L;

    StoreFailure(IOException cause) {
      super("scan store: " + cause.getMessage(), cause);
    }
  }

  private final int inlineMaxBytes;
  private final ScanStore store;
  private byte[] memory = new byte[0];
  private int length;
  private long written;
  private @Nullable ScanUpload upload;

  StagedBytes(int inlineMaxBytes, ScanStore store) {
    this.inlineMaxBytes = inlineMaxBytes;
    this.store = store;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    written += count;
    if (upload == null && count <= inlineMaxBytes - length) {
      reserve(length + count);
      System.arraycopy(source, offset, memory, length, count);
      length += count;
      return;
    }
    try {
      if (upload == null) {
        upload = store.begin();
        upload.write(memory, 0, length);
        memory = new byte[0];
      }
      upload.write(source, offset, count);
    } catch (IOException e) {
      throw new StoreFailure(e);
    }
  }

  /** Number of bytes. */
  long count() {
    return written;
  }

  /** Keeps the bytes as those of this scan; uploads them if they are in a file. */
  Kept keep(String scanId) throws StoreFailure {
    if (upload == null) {
      return new Kept(ByteBuffer.wrap(memory, 0, length).slice(), null);
    }
    try {
      return new Kept(null, upload.commit(scanId));
    } catch (IOException e) {
      throw new StoreFailure(e);
    }
  }

  @Override
  public void close() throws StoreFailure {
    try {
      if (upload != null) {
        upload.close();
      }
    } catch (IOException e) {
      throw new StoreFailure(e);
    }
  }

  private void reserve(int bytes) {
    if (bytes > memory.length) {
      long doubled = Math.max(FIRST_BYTES, 2L * memory.length);
      memory = Arrays.copyOf(memory, (int) Math.min(inlineMaxBytes, Math.max(bytes, doubled)));
    }
  }
}
