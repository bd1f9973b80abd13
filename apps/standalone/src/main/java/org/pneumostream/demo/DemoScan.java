package org.pneumostream.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.schemas.Finding;

/**
 * A synthetic scan and its true class.
 *
 * @param seed seed of the phantom
 * @param finding its true class
 */
record DemoScan(long seed, Finding finding) {
  private static final PhantomSize SIZE = new PhantomSize(128, 128, 48);

  /** Every second scan is abnormal. */
  static DemoScan of(long seed) {
    return new DemoScan(seed, seed % 2 == 0 ? Finding.NORMAL : Finding.ABNORMAL);
  }

  /** The scan's file, a .nii.gz. */
  byte[] file() {
    PhantomFinding shows =
        finding == Finding.ABNORMAL ? PhantomFinding.ABNORMAL : PhantomFinding.NORMAL;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Phantom.generate(seed, shows, SIZE).writeTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
