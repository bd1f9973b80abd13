package org.pneumostream.preprocess;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.scanstore.ScanDamagedException;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Scan;

/** Reads the file inside a {@link Scan}, inline or from the store. */
final class StoredScan {
  /** What is done with a scan. */
  @FunctionalInterface
  interface Reading<T> {
    T apply(NiftiReader scan) throws IOException;
  }

  private StoredScan() {}

  /**
   * Reads a scan.
   *
   * @param reading receives the scan's reader, with the header read and checked
   * @throws IOException if the scan is malformed; if the scan store does not have it as referenced,
   *     that is the exception, whatever else is wrong
   */
  static <T> T read(Scan scan, ScanStore store, ReadLimits limits, Reading<T> reading)
      throws IOException {
    // The second holds native memory, even without a reader.
    try (InputStream bytes = bytes(scan, store);
        InputStream file = ScanCompression.decompress(keptOpen(bytes))) {
      try (NiftiReader reader = NiftiReader.open(file, limits)) {
        return reading.apply(reader);
      } catch (IOException | RuntimeException e) {
        checkTheRest(bytes, e);
        throw e;
      }
    }
  }

  private static InputStream bytes(Scan scan, ScanStore store) throws IOException {
    if (scan.getContent() != null) {
      ByteBuffer content = scan.getContent();
      return new ByteArrayInputStream(
          content.array(), content.arrayOffset() + content.position(), content.remaining());
    }
    if (scan.getReference() != null) {
      return store.open(scan.getReference());
    }
    throw new IOException("scan: neither content nor reference is set, expected one of them");
  }

  /** The same bytes for a reader that closes its source. */
  private static InputStream keptOpen(InputStream bytes) {
    return new FilterInputStream(bytes) {
      @Override
      public void close() {}
    };
  }

  /** A scan that was damaged in the store may fail in any way before its hash is checked. */
  private static void checkTheRest(InputStream bytes, Exception failure) throws IOException {
    try {
      bytes.transferTo(OutputStream.nullOutputStream());
    } catch (ScanDamagedException e) {
      e.addSuppressed(failure);
      throw e;
    }
  }
}
