package org.pneumostream.standalone;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingest while more comes than it can take, or Kafka takes nothing. */
class BackPressureIT {
  @TempDir static Path clusterDirectory;

  private static EmbeddedCluster cluster;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(clusterDirectory, 0, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aStormOfLargePushesIsTakenInASmallHeap() throws Exception {
    new PushStorm("64m", 8, 20 << 20, 320L << 20)
        .rage(cluster, directory, Map.of("max-concurrent-pushes", "4"));
  }
}
