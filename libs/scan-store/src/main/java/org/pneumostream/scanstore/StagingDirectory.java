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
 * Where objects lie while their bytes come in.
 *
 * @param minFreeBytes begins none when fewer bytes are free on its disk
 * @param permissions of the directory, and of the files in it
 */
record StagingDirectory(Path directory, long minFreeBytes, Permissions permissions) {
  private static final String INCOMING = "incoming-";
  private static final String PARTIAL = ".part";

  /**
   * @throws IOException if the disk does not take it, or too little of it is free
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
      // Made with the first scan.
      return;
    }
    if (!Files.isWritable(directory)) {
      throw new AccessDeniedException(directory.toString(), null, "cannot be written to");
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < minFreeBytes) {
      throw new IOException(
          "%d bytes free, expected at least %d (%s)"
              .formatted(free, minFreeBytes, ScanStoreConfig.MIN_FREE.key()));
    }
  }

  /** Removes files that were last written to before that. */
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
      // Whole by now, or given up.
      return false;
    }
  }
}
