package org.pneumostream.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.Settings;
import picocli.CommandLine.Option;

/** The options of every command that talks to Kafka. */
final class ConnectionOptions {
  private static final int CONNECT_SECONDS = 10;

  @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Kafka brokers.")
  private String bootstrapServers;

  @Option(names = "--schema-registry-url", paramLabel = "URL", description = "Schema registry.")
  private String schemaRegistryUrl;

  @Option(
      names = "--config",
      paramLabel = "FILE.properties",
      description = "Settings; keys under kafka. go to the Kafka clients as they are.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting; 'pneumostream settings' lists them.")
  private Map<String, String> set = new LinkedHashMap<>();

  /** All settings in force. */
  Settings settings() {
    return settings(Map.of());
  }

  /** All settings in force, with those of further options. */
  Settings settings(Map<String, String> more) {
    Map<String, String> commandLine = new HashMap<>(set);
    put(commandLine, KafkaConfig.BOOTSTRAP_SERVERS.key(), bootstrapServers);
    put(commandLine, KafkaConfig.SCHEMA_REGISTRY_URL.key(), schemaRegistryUrl);
    commandLine.putAll(more);
    return Settings.load(AllSettings.ALL, config, System.getenv(), commandLine);
  }

  /**
   * Kafka, once a broker has answered.
   *
   * @throws IllegalStateException if none does
   */
  KafkaConnection kafka() {
    return connect(settings());
  }

  static KafkaConnection connect(Settings settings) {
    KafkaConnection kafka = KafkaConfig.connection(settings);
    try (Admin admin = kafka.admin()) {
      admin.describeCluster().nodes().get(CONNECT_SECONDS, TimeUnit.SECONDS);
      return kafka;
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "no Kafka broker answers at " + kafka.bootstrapServers() + "; is the system running?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to Kafka", e);
    }
  }

  private static void put(Map<String, String> settings, String key, String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }
}
