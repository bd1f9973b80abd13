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
 * A separate disk for one directory: an ext4 file system in a file, mounted by a loop device. It
 * can be filled to the last block. It can be frozen by {@code fsfreeze}: writers then block in the
 * kernel, as on a disk that does not answer.
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
   * Mounts a disk; empty if this is not allowed, or the tools are missing.
   *
   * @param image the file to create
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

  /** Unmounts what a killed run has left mounted. */
  static void unmountLeftOver(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      succeeds("umount", "-q", directory.toString());
    }
  }

  /** Fills the last free block. */
  void fill() {
    try (OutputStream out = Files.newOutputStream(filling)) {
      for (byte[] block = new byte[FILLING_BYTES]; ; ) {
        out.write(block);
      }
    } catch (IOException full) {
      // Expected: the disk is full.
    }
  }

  /** Frees what {@link #fill} took. */
  void drain() throws IOException {
    Files.deleteIfExists(filling);
  }

  /** Blocks all writers. */
  void freeze() throws IOException {
    require(succeeds("fsfreeze", "-f", directory.toString()));
  }

  /** Unblocks the writers. */
  void thaw() throws IOException {
    require(succeeds("fsfreeze", "-u", directory.toString()));
  }

  private void require(boolean done) throws IOException {
    if (!done) {
      throw new IOException("fsfreeze failed on " + directory);
    }
  }

  /** Freezes the disk repeatedly, so that writers proceed only in the gaps. */
  void stutter(Duration time) throws IOException {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      // A single process freezes and thaws, whatever happens to this one.
      succeeds(
          "sh",
          "-c",
          "fsfreeze -f \"$0\"; sleep 0.9; fsfreeze -u \"$0\"; sleep 0.1",
          directory.toString());
    }
  }

  @Override
  public void close() throws IOException {
    // Thaws a frozen disk; fails for any other.
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
