package org.pneumostream.scanstore;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.pneumostream.schemas.Reference;
import org.pneumostream.settings.SettingException;

/**
 * Stores scans too large for a record, in one place that every service can access. An object's name
 * consists of its scan's id and the SHA-256 of its bytes. So an erasure finds it without a
 * reference, and a scan pushed twice is stored once. Objects appear completely or not at all.
 * Thread-safe.
 *
 * <p>If a store does not answer, methods and streams throw {@link ScanStoreAwayException}, which
 * says nothing about the requested object.
 */
public interface ScanStore extends AutoCloseable {
  /**
   * Opens the configured store.
   *
   * @throws SettingException if there is no store at that address, or its credentials are missing
   *     or refused
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
   * Stores the bytes of a stream, which is read to its end.
   *
   * @param scanId 64 lowercase hex digits
   * @throws IOException if the bytes cannot be read, or the store does not accept them
   */
  default Reference put(String scanId, InputStream bytes) throws IOException {
    try (ScanUpload upload = begin()) {
      bytes.transferTo(upload);
      return upload.commit(scanId);
    }
  }

  /**
   * Begins an object whose bytes follow.
   *
   * @throws IOException if the disk refuses it, or too little of it is free
   */
  ScanUpload begin() throws IOException;

  /**
   * Opens an object; reading it to the end checks length and hash.
   *
   * @throws ScanGoneException if the object no longer exists
   * @throws IOException if the reference leads outside the store; while reading, {@link
   *     ScanDamagedException} if the object does not match the reference
   */
  InputStream open(Reference reference) throws IOException;

  /**
   * Removes all objects of a scan: those that the references name, if they still exist, and those
   * named by the scan's id.
   *
   * @param scanId 64 lowercase hex digits
   * @return number of objects removed
   * @throws OtherScanStoreException if a reference names another store; it is then unknown whether
   *     its object still exists
   * @throws IOException if the store refuses
   */
  int remove(String scanId, Collection<Reference> references) throws IOException;

  /** All objects of scans; whatever else lies in the store is passed over. */
  List<StoredObject> objects() throws IOException;

  /**
   * Removes an object, unless it has been written again since it was listed.
   *
   * @return whether this call removed it
   */
  boolean remove(StoredObject listed) throws IOException;

  /**
   * The owner of the scans, which the first call sets.
   *
   * @param owner becomes the owner of a store that has none yet
   * @return the owner from then on
   */
  String owner(String owner) throws IOException;

  /**
   * Removes incomplete objects of processes that died.
   *
   * @param before objects last written before this time count as abandoned
   * @return number of objects removed
   */
  int removeAbandoned(Instant before) throws IOException;

  /**
   * Checks that scans can be read now.
   *
   * @throws IOException with the reason if not
   */
  void requireReadable() throws IOException;

  /**
   * Checks that there is room for a scan now.
   *
   * @throws IOException with the reason if not
   */
  void requireRoom() throws IOException;

  @Override
  void close();
}
