package org.pneumostream.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/** Settings of everything that connects to Kafka: addresses, and how topics are created. */
public final class KafkaSettings {
  public static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
          "bootstrap-servers", "127.0.0.1:9092", "Kafka brokers, host:port, separated by commas.");
  public static final Setting<String> SCHEMA_REGISTRY_URL =
      Setting.text(
          "schema-registry-url",
          "http://127.0.0.1:8081/apis/ccompat/v7",
          "Schema registry with Confluent's API.");
  public static final Setting<String> TOPIC_PREFIX =
      Setting.text("topic-prefix", "pneumostream.", "Prefix of every topic's name.");
  public static final Setting<Integer> PARTITIONS =
      Setting.integer(
          "partitions", 4, 1, 1000, "Partitions of the topics that carry scans, when created.");
  public static final Setting<Integer> REPLICATION =
      Setting.integer(
          "replication",
          -1,
          -1,
          100,
          "Copies of each partition, when created; -1 for the brokers' default.");
  public static final Setting<Long> INLINE_MAX_BYTES =
      Setting.size(
          "inline-max-bytes",
          "4 MiB",
          0,
          64L << 20,
          "Largest scan kept inside its record; larger ones go to the scan store.");

  public static final Setting<Duration> ERASE_WITHIN =
      Setting.duration(
          "erase-within",
          "24 h",
          Duration.ofSeconds(1),
          Duration.ofDays(7),
          "Time within which an erased scan's bytes are gone from Kafka's files; equal in"
              + " all services.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(KafkaSettings.class);

  private static final Pattern LOGIN = Pattern.compile("//[^/,]*@");

  private KafkaSettings() {}

  /**
   * Connects, creates the missing topics and registers the schemas.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry refuses or is
   *     unavailable
   */
  public static KafkaConnection connectionWithTopics(Settings settings) {
    KafkaConnection kafka = connection(settings);
    kafka.createMissingTopics(Map.of());
    return kafka;
  }

  /**
   * @throws SettingException if the registry's address contains a login, which errors would show
   */
  public static KafkaConnection connection(Settings settings) {
    if (LOGIN.matcher(settings.get(SCHEMA_REGISTRY_URL)).find()) {
      throw new SettingException(
          SCHEMA_REGISTRY_URL.key()
              + ": must not contain a login; set schema-registry.basic.auth.user.info instead");
    }
    Registry registry =
        Registry.at(
            settings.get(SCHEMA_REGISTRY_URL), Map.copyOf(settings.under("schema-registry.")));
    return new KafkaConnection(
        settings.get(BOOTSTRAP_SERVERS),
        registry,
        new TopicSettings(
            settings.get(TOPIC_PREFIX),
            settings.get(PARTITIONS),
            settings.get(REPLICATION).shortValue(),
            RecordRoom.maxRecordBytes(settings),
            settings.get(ERASE_WITHIN)),
        settings.under("kafka."));
  }
}
