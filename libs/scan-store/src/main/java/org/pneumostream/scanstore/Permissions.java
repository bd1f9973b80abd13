package org.pneumostream.scanstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Permissions of new files and directories, in the notation of {@code ls -l}. The process's umask
 * reduces them; file systems without owners and groups ignore them.
 */
record Permissions(String files, String directories) {
  /** Access for the owner only. */
  static final Permissions PRIVATE = new Permissions("rw-------", "rwx------");

  /** Creates a file with an unused name. */
  Path createFile(Path directory, String prefix, String suffix) throws IOException {
    return Files.createTempFile(directory, prefix, suffix, attributes(directory, files));
  }

  /** Creates a directory and its missing parents. */
  Path createDirectories(Path directory) throws IOException {
    return Files.createDirectories(directory, attributes(directory, directories));
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
