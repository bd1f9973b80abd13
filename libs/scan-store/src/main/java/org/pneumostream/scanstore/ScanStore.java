package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.pneumostream.schemas.Reference;
import org.pneumostream.settings.SettingException;

/**
 * Scans too large for a record: one place that every service sees. An object's name is its scan's
 * id and the SHA-256 of its bytes: so it is found when the scan is erased, whatever refers to it
 * still, and a scan pushed twice is kept once. Objects are there wholly or not at all. Thread-safe.
 *
 * <p>Where a store does not answer, methods and streams throw {@link ScanStoreAwayException}, which
 * says nothing of the object asked for.
 */
public interface ScanStore extends AutoCloseable {
  /**
   * Opens the store that the settings name.
   *
   * @throws SettingException if there is none at that address, or its credentials are missing or
   *     refused
   */
  static ScanStore open(ScanStoreConfig config) {
    if (config.bucket().isEmpty()) {
      return new DirectoryScanStore(config.directory(), config.minFreeBytes());
    }
    return new S3ScanStore(
        S3Connection.connect(config),
        S3Bucket.of(config.bucket().get()),
        new StagingDirectory(config.directory(), config.minFreeBytes(), Permissions.PRIVATE),
        S3Upload.PART_BYTES);
  }

  /**
   * Keeps the bytes of a scan's stream, read to its end.
   *
   * @param scanId 64 lowercase hex digits
   * @throws IOException if the bytes cannot be read, or the store does not take them
   */
  default Reference put(String scanId, InputStream bytes) throws IOException {
    try (ScanUpload upload = begin()) {
      bytes.transferTo(upload);
      return upload.commit(scanId);
    }
  }

  /**
   * Begins an object whose bytes are yet to come.
   *
   * @throws IOException if the disk does not take it, or too little of it is free
   */
  ScanUpload begin() throws IOException;

  /**
   * The object's bytes; reading them to the end checks length and hash.
   *
   * @throws ScanGoneException if there is no such object any more
   * @throws IOException if the reference leads out of the store; while reading, {@link
   *     ScanDamagedException} if the object is not what the reference says
   */
  InputStream open(Reference reference) throws IOException;

  /**
   * Removes all that is kept of a scan: what these references lead to, if it is still there, and
   * what is named by the scan's id.
   *
   * @param scanId 64 lowercase hex digits
   * @return how many objects there were
   * @throws OtherScanStoreException if a reference leads to another store, of which nothing is then
   *     known to be removed
   * @throws IOException if the store refuses
   */
  int remove(String scanId, Collection<Reference> references) throws IOException;

  /** All objects of scans; whatever else lies in the store is passed over. */
  List<StoredObject> objects() throws IOException;

  /**
   * Removes an object, unless it has been written again since it was listed.
   *
   * @return whether this has removed it
   */
  boolean remove(StoredObject listed) throws IOException;

  /**
   * Whose scans these are, which the store notes when it is first asked.
   *
   * @param owner takes a store that is nobody's yet
   * @return the owner from then on
   */
  String owner(String owner) throws IOException;

  /**
   * Removes what a process that died left half written.
   *
   * @param before when a half-written object was last written to, to count as left
   * @return how many there were
   */
  int removeAbandoned(Instant before) throws IOException;

  /**
   * Looks whether scans can be read from it now.
   *
   * @throws IOException that says why not
   */
  void requireReadable() throws IOException;

  /**
   * Looks whether there is room for a scan now.
   *
   * @throws IOException that says why not
   */
  void requireRoom() throws IOException;

  @Override
  void close();
}
