package org.pneumostream.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker that compacts and deletes soon, and systems on it. */
abstract class ErasingCluster {
  /** Longer than any machine needs; the topics' settings determine Kafka's own delays. */
  static final Duration WITHIN = Duration.ofHours(2);

  static final Duration SOON = Duration.ofSeconds(4);
  static final Duration PATIENCE = Duration.ofSeconds(180);

  @TempDir Path directory;

  @AutoClose TunedCluster cluster;

  @BeforeEach
  void start() {
    cluster =
        new TunedCluster(
            directory.resolve("cluster"),
            Map.of("log.cleaner.backoff.ms", "200", "log.segment.delete.delay.ms", "100"));
  }

  RunningSystem system(Duration eraseWithin) {
    return system(eraseWithin, Map.of());
  }

  RunningSystem system(Duration eraseWithin, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("erase-within", eraseWithin.toSeconds() + " s");
    settings.put("alert-threshold", "0");
    return new RunningSystem(
        cluster.bootstrapServers(),
        cluster.registryUrl(),
        "test.",
        directory.resolve("services"),
        settings);
  }

  static void set(RunningSystem system, String topic, String key, String value)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    try (Admin admin = system.kafka().admin()) {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }
  }
}
