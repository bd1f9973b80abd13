package org.pneumostream.standalone;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;

/** Synthetic scans small enough for tests. */
final class SmallPhantom {
  private static final PhantomSize SIZE = new PhantomSize(64, 64, 32);

  private SmallPhantom() {}

  /** A small synthetic scan, every second one abnormal, as .nii.gz. */
  static byte[] file(long seed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(uncompressed(seed));
    }
    return bytes.toByteArray();
  }

  /** The same as .nii, of 256 KiB. */
  static byte[] uncompressed(long seed) throws IOException {
    PhantomFinding finding = seed % 2 == 0 ? PhantomFinding.NORMAL : PhantomFinding.ABNORMAL;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Phantom.generate(seed, finding, SIZE).writeTo(bytes);
    return bytes.toByteArray();
  }
}
