package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.schemas.Volume;
import org.pneumostream.system.RunningSystem.Read;

/** Ingest under overload, or while Kafka does not accept records. */
class BackPressureIT extends OnEmbeddedCluster {
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(2);

  @TempDir Path directory;

  @Test
  void whileTheBrokerHangsPushesGet503AndTheWatchedFolderWaits() throws Exception {
    Path watched = Files.createDirectory(directory.resolve("watched"));
    Path file = watched.resolve("scan.nii.gz");
    Map<String, String> settings =
        Map.of(
            "publish-timeout",
            PUBLISH_TIMEOUT.toSeconds() + " s",
            "watch",
            watched.toString(),
            "watch-settle",
            "1 ms",
            "partitions",
            "1");
    try (RunningSystem system =
            new RunningSystem(
                cluster.bootstrapServers(), cluster.registryUrl(), "still.", directory, settings);
        IngestService ingest = IngestService.start(system.settings())) {
      final String before = system.push(ingest.port(), SmallPhantom.file(1));
      signal("STOP");
      try {
        HttpResponse<String> refused =
            system.post(ingest.port(), "/scans", SmallPhantom.file(2), Map.of());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("10");

        Files.write(file, SmallPhantom.file(3));
        Condition.await(
            "the folder waits for Kafka",
            RunningSystem.PATIENCE,
            () -> ingest.waitingFor().contains("Kafka"));
        assertThat(file).exists();
      } finally {
        signal("CONT");
      }
      Condition.await("the file is taken", RunningSystem.PATIENCE, () -> !Files.exists(file));
      assertThat(watched.resolve("done").resolve("scan.nii.gz")).exists();
      final String again = system.push(ingest.port(), SmallPhantom.file(2));
      final String last = system.push(ingest.port(), SmallPhantom.file(4));

      // Records sent before the timeout may be written when the broker resumes, and again after a
      // retry: each scan is still one volume.
      try (PreprocessService preprocess = PreprocessService.start(system.settings())) {
        List<Read<Volume>> volumes =
            system.await(
                system.topics().volumes(), read -> RunningSystem.keys(read).contains(last));
        assertThat(volumes)
            .extracting(Read::key)
            .containsExactlyInAnyOrder(
                before, again, last, ScanFile.of(watched.resolve("done/scan.nii.gz")).scanId());
        assertThat(preprocess.stopped()).isNotDone();
      }
    }
  }

  /** Sends a signal to the broker's process. */
  private static void signal(String name) throws Exception {
    String pid = Files.readString(clusterDirectory.resolve("kafka.pid")).split(" ")[0];
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  @Test
  void acceptsAStormOfLargePushesInASmallHeap() throws Exception {
    new PushStorm("64m", 8, 20 << 20)
        .rage(cluster, directory, Map.of("max-concurrent-pushes", "4"));
  }
}
