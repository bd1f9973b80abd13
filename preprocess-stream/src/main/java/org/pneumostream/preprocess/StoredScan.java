package org.pneumostream.preprocess;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.schemas.Scan;
import org.pneumostream.service.ScanCompression;
import org.pneumostream.service.ScanStore;

/** Opens the file inside a {@link Scan}, wherever its bytes lie. */
final class StoredScan {
  private StoredScan() {}

  /**
   * The scan's reader, header read and checked.
   *
   * @throws IOException if the bytes are no scan, or the scan store does not have them as referred
   *     to
   */
  static NiftiReader open(Scan scan, ScanStore store, ReadLimits limits) throws IOException {
    InputStream bytes = bytes(scan, store);
    try {
      InputStream file = ScanCompression.decompress(bytes);
      return scan.getHeaderLength() == null
          ? NiftiReader.open(file, limits)
          : openPair(file, scan.getHeaderLength(), limits);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
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

  private static NiftiReader openPair(InputStream bytes, long headerLength, ReadLimits limits)
      throws IOException {
    if (headerLength < 1 || headerLength > Integer.MAX_VALUE - 8) {
      throw new IOException("headerLength: " + headerLength + ", expected 1 to 2147483639");
    }
    byte[] header = bytes.readNBytes((int) headerLength);
    return NiftiReader.openPair(new ByteArrayInputStream(header), bytes, limits);
  }
}
