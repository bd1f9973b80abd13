package org.pneumostream.system;

import java.nio.file.Path;
import java.util.Map;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;

/** An embedded broker with settings of its own, and a registry. */
final class TunedCluster implements AutoCloseable {
  private final DataDirectory data;
  private final EmbeddedRegistry registry;
  private final EmbeddedKafka kafka;

  /**
   * Starts both and waits for them.
   *
   * @param broker settings that add to or override those of the embedded broker
   */
  TunedCluster(Path directory, Map<String, String> broker) {
    data = DataDirectory.hold(directory);
    registry = EmbeddedRegistry.start(data, 0);
    kafka = EmbeddedKafka.start(data, 0, broker);
    kafka.awaitReady();
    registry.awaitReady();
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  String registryUrl() {
    return registry.url();
  }

  /** The folder with the broker's files. */
  DataDirectory data() {
    return data;
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
    data.close();
  }
}
