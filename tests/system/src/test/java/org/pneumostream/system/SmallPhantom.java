package org.pneumostream.system;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;

/** Synthetic scans small enough for tests. */
final class SmallPhantom {
  private static final PhantomSize SIZE = new PhantomSize(64, 64, 32);
  private static final PhantomSize LARGER = new PhantomSize(64, 64, 48);

  private SmallPhantom() {}

  /** A small synthetic scan, every second one abnormal, as .nii.gz; published, some 180 KB. */
  static byte[] file(long seed) throws IOException {
    return file(seed, SIZE);
  }

  /** A file as ingest stores it. */
  static byte[] published(byte[] file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = ScanCompression.compress(bytes)) {
      compressed.write(file);
    }
    return bytes.toByteArray();
  }

  /** A file within its record, as ingest publishes it. */
  static Scan scan(byte[] file) throws IOException {
    return Scan.newBuilder()
        .setReceivedAt(Instant.now())
        .setSource(ScanSource.HTTP)
        .setContent(ByteBuffer.wrap(published(file)))
        .build();
  }

  /** One with 1.5 times as many slices; published, some 270 KB. */
  static byte[] larger(long seed) throws IOException {
    return file(seed, LARGER);
  }

  private static byte[] file(long seed, PhantomSize size) throws IOException {
    PhantomFinding finding = seed % 2 == 0 ? PhantomFinding.NORMAL : PhantomFinding.ABNORMAL;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Phantom.generate(seed, finding, size).writeTo(gzip);
    }
    return bytes.toByteArray();
  }
}
