package org.pneumostream.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.standalone.EmbeddedCluster;

/** Five gigabytes concurrently, with default settings. */
class PushStormChaosIT {
  @TempDir Path clusterDirectory;

  @TempDir Path directory;

  @Test
  void acceptsFiftyPushesOf100MiBIn256MiB() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(clusterDirectory, 0, 0)) {
      new PushStorm("256m", 50, 100 << 20).rage(cluster, directory, Map.of());
    }
  }
}
