package org.pneumostream.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.volume.FixedPoint;

/** Settings of everything that talks to Kafka. */
public final class KafkaConfig {
  public static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
          "bootstrap-servers", "127.0.0.1:9092", "Kafka brokers, host:port, separated by commas.");
  public static final Setting<String> SCHEMA_REGISTRY_URL =
      Setting.text(
          "schema-registry-url",
          "http://127.0.0.1:8081/apis/ccompat/v7",
          "Schema registry with Confluent's API.");
  public static final Setting<String> TOPIC_PREFIX =
      Setting.text("topic-prefix", "pneumostream.", "What every topic's name begins with.");
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
          "Largest scan that travels in its record; a larger one goes into the scan store.");

  public static final Setting<Duration> ERASE_WITHIN =
      Setting.duration(
          "erase-within",
          "24 h",
          Duration.ofSeconds(1),
          Duration.ofDays(7),
          "Time within which an erased scan's bytes are gone from Kafka's files; the same for all.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(KafkaConfig.class);

  /** A full-size volume is 2 MiB and a model 5 MiB; dead letters carry a record within a record. */
  private static final int LEAST_MAX_RECORD_BYTES = 16 << 20;

  private static final int ENVELOPE_BYTES = 1 << 20;

  /** The network's weights take 5.4 MB, whatever its input shape. */
  private static final int MODEL_BYTES = 8 << 20;

  /** Brokers take requests of 100 MiB by default; the largest inline scan stays below, too. */
  private static final long MOST_CONTENT_BYTES = 90L << 20;

  private static final Pattern LOGIN = Pattern.compile("//[^/,]*@");

  private KafkaConfig() {}

  /**
   * Connects, creates the topics that are missing and registers the schemas.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry refuses or is away
   */
  public static KafkaConnection connectionWithTopics(Settings settings) {
    KafkaConnection kafka = connection(settings);
    kafka.createMissingTopics(Map.of());
    return kafka;
  }

  /**
   * Topics that are there may take less than is written today, where the brokers do not let their
   * settings be changed; and so may the user's own settings of the producer.
   *
   * @param written topics that the service writes to
   * @throws SettingException if a record of one of them would be refused
   */
  public static void requireRoom(KafkaConnection kafka, Settings settings, Topic<?>... written) {
    for (Topic<?> topic : written) {
      Need need = need(kafka.topics(), topic, settings);
      OptionalLong most = kafka.maxRecordBytes(topic);
      if (most.isPresent() && most.getAsLong() < need.bytes()) {
        throw new SettingException(
            "%s, but topic %s takes records of %d bytes, expected max.message.bytes=%d"
                .formatted(need.reason(), topic.name(), most.getAsLong(), need.bytes()));
      }
      if (kafka.maxRequestBytes() < need.bytes()) {
        throw new SettingException(
            "kafka.%s: %d, but %s, expected at least %d"
                .formatted(
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    kafka.maxRequestBytes(),
                    need.reason(),
                    need.bytes()));
      }
    }
  }

  /** The largest record of a topic, and what makes it so large. */
  private record Need(long bytes, String reason) {}

  private static Need need(Topics topics, Topic<?> topic, Settings settings) {
    if (topic.equals(topics.scans())) {
      long inline = settings.get(INLINE_MAX_BYTES);
      return new Need(
          inline + ENVELOPE_BYTES, "%s: %d bytes".formatted(INLINE_MAX_BYTES.key(), inline));
    }
    if (topic.equals(topics.volumes()) || topic.equals(topics.labeledVolumes())) {
      long volume = volumeBytes(settings);
      return new Need(
          volume + ENVELOPE_BYTES,
          "%s: a volume takes %d bytes".formatted(ModelSettings.INPUT_SHAPE.key(), volume));
    }
    return topic.equals(topics.models())
        ? new Need(MODEL_BYTES, "a model takes up to %d bytes".formatted(MODEL_BYTES))
        : new Need(ENVELOPE_BYTES, "its records take up to %d bytes".formatted(ENVELOPE_BYTES));
  }

  /**
   * @throws SettingException if the registry's address has a login in it, which would show in
   *     errors
   */
  public static KafkaConnection connection(Settings settings) {
    if (LOGIN.matcher(settings.get(SCHEMA_REGISTRY_URL)).find()) {
      throw new SettingException(
          SCHEMA_REGISTRY_URL.key()
              + ": has a login in it, expected under schema-registry.basic.auth.user.info");
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
            maxRecordBytes(settings),
            settings.get(ERASE_WITHIN)),
        settings.under("kafka."));
  }

  /** Before compression: a scan, a volume, and the letter of either must fit. */
  private static int maxRecordBytes(Settings settings) {
    long content = Math.max(settings.get(INLINE_MAX_BYTES), volumeBytes(settings));
    if (content > MOST_CONTENT_BYTES) {
      throw new SettingException(
          ModelSettings.INPUT_SHAPE.key()
              + ": a volume takes %d bytes, expected at most %d"
                  .formatted(content, MOST_CONTENT_BYTES));
    }
    return Math.max(LEAST_MAX_RECORD_BYTES, Math.toIntExact(content) + ENVELOPE_BYTES);
  }

  private static int volumeBytes(Settings settings) {
    return FixedPoint.bytes(settings.get(ModelSettings.INPUT_SHAPE));
  }
}
