package org.pneumostream.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.jnifti.Compression;
import org.pneumostream.jnifti.Format;
import org.pneumostream.jnifti.NiftiException;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.jnifti.RegularFile;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Scan;

/**
 * Bytes become a typed scan. They are read once, as they come: the header first, then every slice,
 * so that only what says that it is one 3D volume, and is all there, gets through. On the way they
 * are hashed, and the scan is kept in its {@linkplain PublishedForm published form}, in memory, or
 * in the scan store where that is too large for a record. Whatever is refused leaves nothing
 * behind.
 *
 * <p>Memory is bounded by the inline limit and what a header's extensions may come to, whatever the
 * header says of its slices. JNIfTI is held as a whole: one such scan is taken at a time, and by
 * the read limits it may take a part of the heap. Thread-safe.
 */
public final class ScanIntake {
  /** A NIfTI header has 348 or 540 bytes; the rest is for extensions. */
  private static final int MAX_PAIR_HEADER_BYTES = 1 << 20;

  /** Enough to tell gzip and JNIfTI from the rest. */
  private static final int START_BYTES = 64;

  private final int inlineMaxBytes;
  private final long maxScanBytes;
  private final ReadLimits limits;
  private final ScanStore store;
  private final Optional<StudyPseudonyms> pseudonyms;
  private final Clock clock;
  private final Semaphore wholeInMemory = new Semaphore(1);

  public ScanIntake(IngestConfig config, ScanStore store, Clock clock) {
    this.inlineMaxBytes = config.inlineMaxBytes();
    this.maxScanBytes = config.maxScanBytes();
    this.limits = config.readLimits();
    this.pseudonyms = config.pseudonyms();
    this.store = store;
    this.clock = clock;
  }

  /** Opens a reader once the bytes are known to be wanted. */
  @FunctionalInterface
  private interface Opening {
    NiftiReader open() throws IOException;
  }

  /**
   * Takes a scan that is one stream: {@code .nii}, {@code .jnii} or {@code .bnii}, gzipped or not.
   * The stream is read to its end, but not closed.
   *
   * @throws RejectedScanException if it is no such scan, or over a limit
   * @throws BusyException if it is JNIfTI, and another such scan is being taken
   * @throws UnavailableException if the scan store cannot take it
   * @throws IOException if the stream itself breaks off
   */
  public AcceptedScan accept(InputStream pushed, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    ByteLimit pushedBytes = new ByteLimit(IngestConfig.MAX_SCAN_BYTES.key(), maxScanBytes);
    MessageDigest scanId = sha256();
    try (StagedBytes staged = new StagedBytes(inlineMaxBytes, store)) {
      InputStream raw = new ObservedInput(pushed, pushedBytes);
      try (InputStream inflated = Compression.inflate(raw)) {
        PushbackInputStream content = withoutSecondGzip(inflated);
        Opening opening = () -> NiftiReader.open(hashed(content, scanId), limits);
        if (Format.isJnifti(start(content))) {
          takeAlone(opening, staged);
        } else {
          takeWholeVolume(opening, staged);
        }
      }
      raw.transferTo(OutputStream.nullOutputStream());
      return accepted(hex(scanId), provenance, staged);
    } catch (NiftiException e) {
      throw pushedBytes.count() == 0
          ? new RejectedScanException(Reason.EMPTY, "the scan is empty", e)
          : notAScan(e);
    } catch (ByteLimit.Exceeded e) {
      throw new RejectedScanException(Reason.TOO_LARGE, e.getMessage(), e);
    } catch (StagedBytes.StoreFailure e) {
      throw new UnavailableException(e.getMessage(), e);
    }
  }

  /**
   * Takes a scan that is a pair, {@code .hdr} and {@code .img}, each gzipped or not. Its id is the
   * hash of the uncompressed bytes, the header's and then the image's.
   *
   * @throws RejectedScanException if it is no such scan, or over a limit
   * @throws UnavailableException if the scan store cannot take it
   * @throws IOException if a stream itself breaks off
   */
  public AcceptedScan accept(InputStream header, InputStream image, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    ByteLimit pushedBytes = new ByteLimit(IngestConfig.MAX_SCAN_BYTES.key(), maxScanBytes);
    MessageDigest scanId = sha256();
    try (StagedBytes staged = new StagedBytes(inlineMaxBytes, store)) {
      byte[] head = pairHeader(new ObservedInput(header, pushedBytes));
      scanId.update(head);
      try (InputStream inflated = Compression.inflate(new ObservedInput(image, pushedBytes))) {
        InputStream content = hashed(withoutSecondGzip(inflated), scanId);
        takeWholeVolume(
            () -> NiftiReader.openPair(new ByteArrayInputStream(head), content, limits), staged);
      }
      return accepted(hex(scanId), provenance, staged);
    } catch (NiftiException e) {
      throw notAScan(e);
    } catch (ByteLimit.Exceeded e) {
      throw new RejectedScanException(Reason.TOO_LARGE, e.getMessage(), e);
    } catch (StagedBytes.StoreFailure e) {
      throw new UnavailableException(e.getMessage(), e);
    }
  }

  /**
   * Takes a scan from disk.
   *
   * @throws RejectedScanException if it is no such scan, or over a limit
   * @throws UnavailableException if the scan store cannot take it
   * @throws IOException if a file cannot be read, or was written to meanwhile
   */
  public AcceptedScan accept(ScanFile file, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    List<FileState> before = states(file);
    AcceptedScan accepted = read(file, provenance);
    if (!states(file).equals(before)) {
      throw new FileSystemException(file.name(), null, "was written to while it was read");
    }
    return accepted;
  }

  private static List<FileState> states(ScanFile file) throws IOException {
    List<FileState> states = new ArrayList<>();
    for (Path path : file.paths()) {
      states.add(FileState.of(path));
    }
    return states;
  }

  private AcceptedScan read(ScanFile file, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    try (InputStream first = RegularFile.open(file.file())) {
      if (file.image().isEmpty()) {
        return accept(first, provenance);
      }
      try (InputStream image = RegularFile.open(file.image().get())) {
        return accept(first, image, provenance);
      }
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
            "not a scan: the header file has more than " + MAX_PAIR_HEADER_BYTES + " bytes");
      }
      return head;
    }
  }

  private void takeAlone(Opening opening, StagedBytes staged)
      throws RejectedScanException, UnavailableException, IOException {
    if (!wholeInMemory.tryAcquire()) {
      throw new BusyException("another JNIfTI scan is under way, which takes one's memory");
    }
    try {
      takeWholeVolume(opening, staged);
    } finally {
      wholeInMemory.release();
    }
  }

  private static void takeWholeVolume(Opening opening, StagedBytes staged)
      throws RejectedScanException, IOException {
    try (NiftiReader reader = opening.open()) {
      NiftiHeader header = reader.header();
      if (!header.isVolume()) {
        throw new RejectedScanException(
            Reason.NOT_ONE_VOLUME,
            "not one 3D volume: the dimensions are " + header.dims() + ", expected three");
      }
      PublishedForm.write(reader, staged);
    }
  }

  /** Readers downstream inflate once; what is still gzipped then would be lost on them. */
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

  /** The first bytes, which stay to be read. */
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

  private AcceptedScan accepted(String scanId, Provenance provenance, StagedBytes staged)
      throws StagedBytes.StoreFailure {
    StagedBytes.Kept kept = staged.keep(scanId);
    return new AcceptedScan(
        scanId,
        Scan.newBuilder()
            .setReceivedAt(clock.instant())
            .setSource(provenance.source())
            .setStudyKey(provenance.studyKey().map(this::published).orElse(null))
            .setFinding(provenance.finding().orElse(null))
            .setContent(kept.content())
            .setReference(kept.reference())
            .build());
  }

  private static RejectedScanException notAScan(NiftiException e) {
    return new RejectedScanException(Reason.NOT_A_SCAN, "not a scan: " + e.getMessage(), e);
  }

  private String published(String studyKey) {
    return pseudonyms.map(all -> all.of(studyKey)).orElse(studyKey);
  }

  private static String hex(MessageDigest sha256) {
    return HexFormat.of().formatHex(sha256.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
