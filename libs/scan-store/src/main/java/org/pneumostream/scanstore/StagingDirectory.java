package org.pneumostream.scanstore;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The directory of objects while their bytes arrive.
 *
 * @param minFreeBytes free bytes on its disk below which no object is begun
 * @param permissions of the directory and its files
 */
record StagingDirectory(Path directory, long minFreeBytes, Permissions permissions) {
  private static final String INCOMING = "incoming-";
  private static final String PARTIAL = ".part";

  /**
   * @throws IOException if the disk refuses it, or too little of it is free
   */
  ScanUpload begin(ScanUpload.Keeping keeping) throws IOException {
    permissions.createDirectories(directory);
    requireRoom();
    return new ScanUpload(permissions.createFile(directory, INCOMING, PARTIAL), keeping);
  }

  /**
   * @throws IOException if it cannot be written to, or too little of its disk is free
   */
  void requireRoom() throws IOException {
    if (Files.notExists(directory)) {
      // The first scan creates it.
      return;
    }
    if (!Files.isWritable(directory)) {
      throw new AccessDeniedException(directory.toString(), null, "not writable");
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < minFreeBytes) {
      throw new IOException(
          "%d bytes free, expected at least %d (%s)"
              .formatted(free, minFreeBytes, ScanStoreConfig.MIN_FREE.key()));
    }
  }

  /** Removes files last written before a time. */
  int removeAbandoned(Instant before) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    int removed = 0;
    try (DirectoryStream<Path> partials =
        Files.newDirectoryStream(directory, INCOMING + "*" + PARTIAL)) {
      for (Path partial : partials) {
        removed += isOlder(partial, before) && Files.deleteIfExists(partial) ? 1 : 0;
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return removed;
  }

  private static boolean isOlder(Path partial, Instant time) throws IOException {
    try {
      return Files.getLastModifiedTime(partial).toInstant().isBefore(time);
    } catch (NoSuchFileException e) {
      // Completed or given up meanwhile.
      return false;
    }
  }
}
