package org.pneumostream.ingest;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** Size and time of a file, which tell whether it was written to. */
record FileState(Path file, long size, FileTime modified) {
  static FileState of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileState(file, attributes.size(), attributes.lastModifiedTime());
  }

  /**
   * Checks the file again after it was read.
   *
   * @throws FileSystemException naming the file, if it was written to since
   */
  void requireSame() throws IOException {
    if (!equals(of(file))) {
      throw new FileSystemException(
          file.getFileName().toString(), null, "was written to while it was read");
    }
  }
}
