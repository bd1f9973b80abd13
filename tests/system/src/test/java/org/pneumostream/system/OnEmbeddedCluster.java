package org.pneumostream.system;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.standalone.EmbeddedCluster;

/** One embedded broker and registry for all tests of a class. */
abstract class OnEmbeddedCluster {
  @TempDir static Path clusterDirectory;

  static EmbeddedCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = EmbeddedCluster.start(clusterDirectory, 0, 0);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }
}
