package org.pneumostream.preprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Tables that a stopped service left on disk. Kafka Streams applies what their topics have received
 * since. That does not include tombstones that were compacted away meanwhile, so what they erased
 * would stay in the table.
 */
final class StateDirectory {
  /** Shorter than a topic keeps tombstones, which is one day by default. */
  static final Duration KEPT = Duration.ofHours(12);

  private StateDirectory() {}

  /** Whether nothing in it has changed for so long that it must be restored as a whole. */
  static boolean isStale(Path directory, Instant now) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .map(StateDirectory::changedAt)
          .max(Instant::compareTo)
          .filter(last -> last.isBefore(now.minus(KEPT)))
          .isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read state directory " + directory, e);
    }
  }

  private static Instant changedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read state file " + file, e);
    }
  }
}
