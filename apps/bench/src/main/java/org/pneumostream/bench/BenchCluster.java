package org.pneumostream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.volume.InputShape;

/** An embedded cluster on a temporary directory, and settings of services on it. */
final class BenchCluster implements AutoCloseable {
  private final Path directory;
  private final EmbeddedCluster cluster;

  private BenchCluster(Path directory) {
    this.directory = directory;
    this.cluster = EmbeddedCluster.start(directory, 0, 0);
  }

  static BenchCluster start() throws IOException {
    return new BenchCluster(Files.createTempDirectory("pneumostream-bench"));
  }

  /**
   * The default settings, on free ports.
   *
   * @param values overrides
   */
  Settings settings(InputShape shape, Map<String, String> values) {
    Map<String, String> all = new HashMap<>(cluster.settings());
    all.put("data-dir", directory.toString());
    all.put("input-shape", shape.toString());
    for (String service : List.of("ingest", "preprocess-stream", "scorer")) {
      all.put(service + "-port", "0");
    }
    all.putAll(values);
    return Settings.of(AllSettings.ALL, all);
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
