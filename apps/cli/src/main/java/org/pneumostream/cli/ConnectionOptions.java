package org.pneumostream.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.settings.Settings;
import picocli.CommandLine.Option;

/** Options of every command that connects to Kafka. */
public class ConnectionOptions extends SettingOptions {
  /**
   * Including the start of the JVM, the user learns within five seconds that Kafka is unavailable.
   */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Kafka brokers.")
  private String bootstrapServers;

  @Option(names = "--schema-registry-url", paramLabel = "URL", description = "Schema registry.")
  private String schemaRegistryUrl;

  @Override
  public Settings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    put(all, KafkaSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers);
    put(all, KafkaSettings.SCHEMA_REGISTRY_URL.key(), schemaRegistryUrl);
    all.putAll(more);
    return super.settings(all);
  }

  /**
   * Connects, and returns once a broker has answered.
   *
   * @throws org.apache.kafka.common.KafkaException if none does
   */
  final KafkaConnection kafka() {
    return connect(settings());
  }

  static KafkaConnection connect(Settings settings) {
    KafkaConnection kafka = KafkaSettings.connection(settings);
    Admin admin = kafka.admin();
    try {
      admin.describeCluster().nodes().get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return kafka;
    } catch (TimeoutException e) {
      throw kafka.unreached(e);
    } catch (ExecutionException e) {
      throw kafka.unreached(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to Kafka", e);
    } finally {
      // Does not wait for an answer that cannot come.
      admin.close(Duration.ZERO);
    }
  }

  private static void put(Map<String, String> settings, String key, String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }
}
