package org.pneumostream.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.jdata.Compression;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jnifti.Format;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.scanstore.ScanLimits;

/**
 * Reads a scan once, as a stream: the header first, then every slice. Only a complete 3D volume is
 * accepted. Meanwhile it hashes the uncompressed bytes and writes the {@linkplain PublishedForm
 * published form}.
 *
 * <p>Memory is bounded by the limit on a header's extensions, whatever the header says about its
 * slices. JNIfTI is held as a whole: one such scan is read at a time, and the read limits let it
 * take a part of the heap. Thread-safe.
 */
final class ScanReader {
  /** A NIfTI header has 348 or 540 bytes; the rest is for extensions. */
  private static final int MAX_PAIR_HEADER_BYTES = 1 << 20;

  /** Enough to detect gzip and JNIfTI. */
  private static final int START_BYTES = 64;

  private final long maxScanBytes;
  private final ReadLimits limits;
  private final Semaphore wholeInMemory = new Semaphore(1);

  ScanReader(IngestConfig config) {
    this.maxScanBytes = config.maxScanBytes();
    this.limits = config.readLimits();
  }

  /**
   * Reads a scan to its end: {@code .nii}, {@code .jnii}, {@code .bnii}, or {@code .hdr} and {@code
   * .img}, each gzipped or not.
   *
   * @param published receives the published form; stays open
   * @return the scan id: lowercase hex SHA-256 of the uncompressed bytes; for a pair of the header,
   *     then the image
   * @throws RejectedScanException if it is not such a scan, or exceeds a limit
   * @throws BusyException if it is JNIfTI, and another such scan is being read
   * @throws IOException if the bytes break off, cannot be read, or were written to meanwhile
   */
  String read(PushedScan pushed, OutputStream published)
      throws RejectedScanException, BusyException, IOException {
    ByteLimit limit = new ByteLimit(IngestConfig.MAX_SCAN_BYTES.key(), maxScanBytes);
    MessageDigest scanId = sha256();
    List<FileState> before = pushed.states();
    try (InputStream file = pushed.open()) {
      InputStream bytes = new ObservedInput(file, limit);
      Optional<InputStream> image = pushed.openImage();
      if (image.isEmpty()) {
        readFile(bytes, scanId, published);
      } else {
        try (InputStream imageFile = image.get()) {
          readPair(bytes, new ObservedInput(imageFile, limit), scanId, published);
        }
      }
    } catch (InvalidDataException e) {
      throw limit.count() == 0
          ? new RejectedScanException(Reason.EMPTY, "the scan is empty", e)
          : new RejectedScanException(Reason.NOT_A_SCAN, "not a scan: " + e.getMessage(), e);
    } catch (ByteLimit.Exceeded e) {
      throw new RejectedScanException(Reason.TOO_LARGE, e.getMessage(), e);
    }
    for (FileState state : before) {
      state.requireSame();
    }
    return HexFormat.of().formatHex(scanId.digest());
  }

  private void readFile(InputStream raw, MessageDigest scanId, OutputStream published)
      throws RejectedScanException, BusyException, IOException {
    try (InputStream inflated = Compression.inflate(raw)) {
      PushbackInputStream content = withoutSecondGzip(inflated);
      boolean isHeldWhole = Format.isJnifti(start(content));
      if (isHeldWhole && !wholeInMemory.tryAcquire()) {
        throw new BusyException("ingest reads one JNIfTI scan at a time; retry shortly");
      }
      try (NiftiReader reader = NiftiReader.open(hashed(content, scanId), limits)) {
        writeVolume(reader, published);
      } finally {
        if (isHeldWhole) {
          wholeInMemory.release();
        }
      }
    }
    raw.transferTo(OutputStream.nullOutputStream());
  }

  private void readPair(
      InputStream header, InputStream image, MessageDigest scanId, OutputStream published)
      throws RejectedScanException, IOException {
    byte[] head = pairHeader(header);
    scanId.update(head);
    try (InputStream inflated = Compression.inflate(image);
        NiftiReader reader =
            NiftiReader.openPair(
                new ByteArrayInputStream(head),
                hashed(withoutSecondGzip(inflated), scanId),
                limits)) {
      writeVolume(reader, published);
    }
  }

  private static byte[] pairHeader(InputStream header) throws RejectedScanException, IOException {
    try (InputStream inflated = Compression.inflate(header)) {
      byte[] head = withoutSecondGzip(inflated).readNBytes(MAX_PAIR_HEADER_BYTES + 1);
      if (head.length == 0) {
        throw new RejectedScanException(Reason.EMPTY, "the header file is empty");
      }
      if (head.length > MAX_PAIR_HEADER_BYTES) {
        throw new RejectedScanException(
            Reason.NOT_A_SCAN,
            "not a scan: the header file is larger than " + MAX_PAIR_HEADER_BYTES + " bytes");
      }
      return head;
    }
  }

  private static void writeVolume(NiftiReader reader, OutputStream published)
      throws RejectedScanException, IOException {
    NiftiHeader header = reader.header();
    if (!header.isVolume()) {
      throw new RejectedScanException(
          Reason.NOT_ONE_VOLUME,
          "not one 3D volume: the dimensions are " + header.dims() + ", expected three");
    }
    PublishedForm.write(reader, published);
  }

  /** Downstream readers decompress once, so a scan gzipped twice would be unreadable to them. */
  private static PushbackInputStream withoutSecondGzip(InputStream inflated)
      throws RejectedScanException, IOException {
    PushbackInputStream content = new PushbackInputStream(inflated, START_BYTES);
    byte[] first = start(content);
    if (first.length > 1
        && ((first[0] & 0xff) | (first[1] & 0xff) << 8) == GZIPInputStream.GZIP_MAGIC) {
      throw new RejectedScanException(Reason.NOT_A_SCAN, "not a scan: gzipped more than once");
    }
    return content;
  }

  /** Peeks at the first bytes. */
  private static byte[] start(PushbackInputStream content) throws IOException {
    byte[] first = content.readNBytes(START_BYTES);
    content.unread(first);
    return first;
  }

  private InputStream hashed(InputStream uncompressed, MessageDigest sha256) {
    ByteLimit limit =
        new ByteLimit(ScanLimits.MAX_UNCOMPRESSED_BYTES.key(), limits.maxUncompressedBytes());
    return new ObservedInput(new ObservedInput(uncompressed, limit), sha256::update);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
