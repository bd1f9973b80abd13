package org.pneumostream.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Detects files that are incomplete although nothing has been written to them for a while. Network
 * copies may pause, and may set a file's length before they write its bytes.
 */
final class UnfinishedFiles {
  private static final int TAIL_BYTES = 4096;

  /** The flags O_WRONLY and O_RDWR of open(2). */
  private static final int WRITING = 3;

  private final Path processes;

  /**
   * @param processes {@code /proc}, or a substitute
   */
  UnfinishedFiles(Path processes) {
    this.processes = processes;
  }

  /** Whether a file is empty or ends with zeros only, like a file whose bytes are still to come. */
  static boolean endsWithZeros(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL_BYTES, channel.size()));
      channel.position(channel.size() - tail.capacity());
      while (tail.hasRemaining() && channel.read(tail) >= 0) {
        // Reads the next bytes.
      }
      tail.flip();
      while (tail.hasRemaining()) {
        if (tail.get() != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Whether a process of this machine has the file open for writing, as far as Linux shows it to
   * this process: only root sees the files of other users' processes, and other machines are not
   * visible.
   */
  boolean isBeingWritten(Path file) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(processes, "[0-9]*")) {
      for (Path process : found) {
        if (writes(process, file)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      // Not Linux, so it is unknown.
      return false;
    }
  }

  private static boolean writes(Path process, Path file) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (leadsTo(descriptor, file) && isForWriting(process, descriptor)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      // The process has ended, or is another user's.
      return false;
    }
  }

  private static boolean leadsTo(Path descriptor, Path file) {
    try {
      // By name first, since opening other files may hang.
      return Files.readSymbolicLink(descriptor).endsWith(file.getFileName())
          && Files.isSameFile(descriptor, file);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isForWriting(Path process, Path descriptor) throws IOException {
    return Files.readAllLines(process.resolve("fdinfo").resolve(descriptor.getFileName())).stream()
        .filter(line -> line.startsWith("flags:"))
        .map(line -> line.substring("flags:".length()).strip())
        .anyMatch(flags -> (Integer.parseInt(flags, 8) & WRITING) != 0);
  }
}
