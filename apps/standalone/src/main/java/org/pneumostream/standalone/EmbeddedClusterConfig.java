package org.pneumostream.standalone;

import java.nio.file.Path;
import java.util.List;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * Configuration of the embedded broker and registry.
 *
 * @param dataDirectory directory for all files
 * @param kafkaPort port of the embedded broker; 0 for any free one
 * @param registryPort port of the embedded registry; 0 for any free one
 */
public record EmbeddedClusterConfig(Path dataDirectory, int kafkaPort, int registryPort) {
  public static final Setting<Integer> KAFKA_PORT =
      Setting.integer("kafka-port", 9092, 0, 65535, "Port of the embedded broker.");
  public static final Setting<Integer> REGISTRY_PORT =
      Setting.integer("registry-port", 8081, 0, 65535, "Port of the embedded registry.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(EmbeddedClusterConfig.class);

  static EmbeddedClusterConfig from(Settings settings) {
    return new EmbeddedClusterConfig(
        settings.get(DataDir.SETTING), settings.get(KAFKA_PORT), settings.get(REGISTRY_PORT));
  }
}
