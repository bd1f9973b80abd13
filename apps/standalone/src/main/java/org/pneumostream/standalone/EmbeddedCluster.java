package org.pneumostream.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Broker and registry on this machine, in one data directory. */
public final class EmbeddedCluster implements AutoCloseable {
  private final DataDirectory data;
  private final EmbeddedKafka kafka;
  private final EmbeddedRegistry registry;

  private EmbeddedCluster(DataDirectory data, EmbeddedKafka kafka, EmbeddedRegistry registry) {
    this.data = data;
    this.kafka = kafka;
    this.registry = registry;
  }

  /**
   * Starts both and waits until they answer.
   *
   * @param kafkaPort port of the broker; 0 for any free one
   * @param registryPort port of the registry; 0 for any free one
   * @throws org.pneumostream.settings.SettingException if a port or the directory is taken
   */
  public static EmbeddedCluster start(Path directory, int kafkaPort, int registryPort) {
    DataDirectory data = DataDirectory.hold(directory);
    EmbeddedRegistry registry = null;
    EmbeddedKafka kafka = null;
    try {
      // Processes left over from a killed run would still hold the ports.
      ChildProcess.endLeftOver(EmbeddedRegistry.NAME, data);
      ChildProcess.endLeftOver(EmbeddedKafka.NAME, data);
      // The registry takes longest, so the broker starts in parallel.
      registry = EmbeddedRegistry.start(data, registryPort);
      kafka = EmbeddedKafka.start(data, kafkaPort);
      kafka.awaitReady();
      registry.awaitReady();
      return new EmbeddedCluster(data, kafka, registry);
    } catch (RuntimeException e) {
      close(kafka, registry, data);
      throw e;
    }
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  public String registryUrl() {
    return registry.url();
  }

  /** The settings with which services find this cluster. */
  public Map<String, String> settings() {
    return Map.of(
        "bootstrap-servers", bootstrapServers(),
        "schema-registry-url", registryUrl(),
        "data-dir", data.path().toString());
  }

  /** Completes when either process has ended. */
  public CompletableFuture<Object> ended() {
    return CompletableFuture.anyOf(kafka.ended(), registry.ended());
  }

  @Override
  public void close() {
    close(kafka, registry, data);
  }

  private static void close(
      @Nullable EmbeddedKafka kafka, @Nullable EmbeddedRegistry registry, DataDirectory data) {
    try (data;
        kafka;
        registry) {
      // Closed in this order: registry, broker, directory.
    }
  }
}
