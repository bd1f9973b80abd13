package org.pneumostream.system;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.standalone.EmbeddedCluster;

/** The system on the embedded broker and registry. */
class EmbeddedSystemIT extends SystemBehaviour {
  @TempDir static Path clusterDirectory;

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(clusterDirectory, 0, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Override
  String bootstrapServers() {
    return cluster.bootstrapServers();
  }

  @Override
  String registryUrl() {
    return cluster.registryUrl();
  }
}
