package org.pneumostream.system;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A disk of its own for one directory: an ext4 file system in a file, mounted by a loop device. It
 * can be filled to the last block, and it can be made slow: frozen by {@code fsfreeze}, the kernel
 * lets whoever writes wait, as on a disk that does not answer.
 */
final class LoopDisk implements AutoCloseable {
  private static final int FILLING_BYTES = 1 << 12;

  private final Path directory;
  private final Path filling;

  private LoopDisk(Path directory) {
    this.directory = directory;
    this.filling = directory.resolve("filling");
  }

  /**
   * Mounts one; empty where this is not allowed, or the tools are not there.
   *
   * @param image the file to be made
   */
  static Optional<LoopDisk> mount(Path image, Path directory, long bytes) throws IOException {
    Files.createDirectories(directory);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    boolean mounted =
        succeeds("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
            && succeeds("mount", "-o", "loop", image.toString(), directory.toString());
    return mounted ? Optional.of(new LoopDisk(directory)) : Optional.empty();
  }

  /** Ends what a run that was itself killed has left mounted. */
  static void unmountLeftOver(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      succeeds("umount", "-q", directory.toString());
    }
  }

  /** Leaves no block free. */
  void fill() {
    try (OutputStream out = Files.newOutputStream(filling)) {
      for (byte[] block = new byte[FILLING_BYTES]; ; ) {
        out.write(block);
      }
    } catch (IOException full) {
      // That was the point of it.
    }
  }

  /** Gives back what {@link #fill} took. */
  void drain() throws IOException {
    Files.deleteIfExists(filling);
  }

  /** From now on whoever writes waits. */
  void freeze() throws IOException {
    require(succeeds("fsfreeze", "-f", directory.toString()));
  }

  /** Whoever waits gets on. */
  void thaw() throws IOException {
    require(succeeds("fsfreeze", "-u", directory.toString()));
  }

  private void require(boolean done) throws IOException {
    if (!done) {
      throw new IOException("fsfreeze failed on " + directory);
    }
  }

  /** Is frozen again and again, so that whoever writes gets on in the gaps between alone. */
  void stutter(Duration time) throws IOException {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      // One process that thaws what it has frozen, whatever becomes of this one.
      succeeds(
          "sh",
          "-c",
          "fsfreeze -f \"$0\"; sleep 0.9; fsfreeze -u \"$0\"; sleep 0.1",
          directory.toString());
    }
  }

  @Override
  public void close() throws IOException {
    // Of a disk that is frozen; of any other it fails.
    succeeds("fsfreeze", "-u", directory.toString());
    if (!succeeds("umount", directory.toString())) {
      succeeds("umount", "-l", directory.toString());
    }
  }

  private static boolean succeeds(String... command) throws IOException {
    try {
      return new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
