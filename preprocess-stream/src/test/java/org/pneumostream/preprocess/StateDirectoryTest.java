package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path directory;

  @Test
  void theNewestFileGivesTheAgeOfTheState() throws IOException {
    write("app/0_1/rocksdb/labels/CURRENT", Duration.ofDays(30));
    write("app/0_1/.checkpoint", StateDirectory.KEPT.minusSeconds(1));
    assertThat(StateDirectory.isStale(directory, NOW)).isFalse();

    write("app/0_1/.checkpoint", StateDirectory.KEPT.plusSeconds(1));
    assertThat(StateDirectory.isStale(directory, NOW)).isTrue();
  }

  @Test
  void noStateIsNotStale() throws IOException {
    assertThat(StateDirectory.isStale(directory.resolve("none"), NOW)).isFalse();
    Files.createDirectories(directory.resolve("app"));
    assertThat(StateDirectory.isStale(directory, NOW)).isFalse();
  }

  /** Kafka's own default, which changelogs of earlier versions may still have. */
  @Test
  void stateIsStaleBeforeTombstonesExpire() {
    assertThat(StateDirectory.KEPT).isLessThan(Duration.ofDays(1));
  }

  private void write(String name, Duration age) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[0]);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
  }
}
