package org.pneumostream.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.pneumostream.settings.FileProblem;
import org.pneumostream.settings.SettingException;

/**
 * The data directory of a standalone system, locked by one process at a time: two brokers on one
 * directory damage its metadata log before Kafka's own lock refuses the second.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the directory if it is missing, and locks it.
   *
   * @throws SettingException if another process has locked it, or it is not writable
   */
  public static DataDirectory hold(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path.resolve("logs"));
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw new SettingException("data-dir: " + directory + " is in use by another pneumostream");
      }
      return new DataDirectory(path, channel);
    } catch (IOException e) {
      throw new SettingException(
          "data-dir: " + FileProblem.of(e) + ", expected a writable directory");
    }
  }

  public Path resolve(String name) {
    return path.resolve(name);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
