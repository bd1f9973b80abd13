package org.pneumostream.jnifti;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files, but refuses pipes, sockets and devices, which may block or never end. */
public final class RegularFile {
  private RegularFile() {}

  /**
   * @throws FileSystemException naming the file, if it is not a regular file or cannot be opened
   */
  public static InputStream open(Path file) throws IOException {
    require(file);
    return Files.newInputStream(file);
  }

  /**
   * Accepts a folder, since the attempt to read it reports that.
   *
   * @throws FileSystemException naming the file, if it is a pipe, a socket or a device
   */
  public static void require(Path file) throws FileSystemException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
  }
}
