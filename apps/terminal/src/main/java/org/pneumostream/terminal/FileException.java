package org.pneumostream.terminal;

import java.io.IOException;
import java.nio.file.Path;

/** A file named on the command line cannot be used; the message says which, and why. */
public final class FileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file as the user wrote it
   * @param cause whose message does not name the file
   */
  public FileException(Path file, Exception cause) {
    super(file + ": " + (cause.getMessage() == null ? cause : cause.getMessage()), cause);
  }
}
