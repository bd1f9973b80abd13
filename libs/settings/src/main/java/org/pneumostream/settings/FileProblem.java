package org.pneumostream.settings;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Describes a file error in words; some exceptions tell what happened only by their class. */
public final class FileProblem {
  private FileProblem() {}

  /** The file, if the exception names it, and what is wrong with it. */
  public static String of(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or directory";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": access denied";
    }
    if (e instanceof FileAlreadyExistsException existing) {
      return existing.getFile() + ": already exists";
    }
    if (e instanceof NotDirectoryException file) {
      return file.getFile() + ": not a directory";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
