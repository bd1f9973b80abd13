package org.pneumostream.scanstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Who may do what with files and directories as they are made, as {@code ls -l} writes it. The
 * process's umask takes away from it; file systems without owners and groups pass over it.
 */
record Permissions(String files, String directories) {
  /** The owner alone. */
  static final Permissions PRIVATE = new Permissions("rw-------", "rwx------");

  /** Makes a file under a name that is not taken. */
  Path createFile(Path directory, String prefix, String suffix) throws IOException {
    return Files.createTempFile(directory, prefix, suffix, attributes(directory, files));
  }

  /** Makes a directory, and those above it, as far as they are missing. */
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
