package org.pneumostream.runtime;

import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.volume.FixedPoint;

/** The largest records under the settings, and whether topics and producers accept them. */
public final class RecordRoom {
  /** A full-size volume is 2 MiB and a model 5 MiB; a dead letter contains a record. */
  private static final int LEAST_MAX_RECORD_BYTES = 16 << 20;

  private static final int ENVELOPE_BYTES = 1 << 20;

  /** The network's weights take 5.4 MB, whatever its input shape. */
  private static final int MODEL_BYTES = 8 << 20;

  /**
   * Brokers accept requests of up to 100 MiB by default; the largest inline scan stays below that.
   */
  private static final long MOST_CONTENT_BYTES = 90L << 20;

  private RecordRoom() {}

  /**
   * Checks that topics and the producer accept the largest records. Existing topics may accept less
   * if the brokers refused to change their settings; the user's own producer settings may be lower,
   * too.
   *
   * @param written topics that the service writes
   * @throws SettingException if a record of one of them would be refused
   */
  public static void require(KafkaConnection kafka, Settings settings, Topic<?>... written) {
    for (Topic<?> topic : written) {
      Need need = need(kafka.topics(), topic, settings);
      OptionalLong most = kafka.maxRecordBytes(topic);
      if (most.isPresent() && most.getAsLong() < need.bytes()) {
        throw new SettingException(
            "%s, but topic %s accepts records of up to %d bytes only, expected max.message.bytes=%d"
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

  /** The largest record of a topic, and the reason for its size. */
  private record Need(long bytes, String reason) {}

  private static Need need(Topics topics, Topic<?> topic, Settings settings) {
    if (topic.equals(topics.scans())) {
      long inline = settings.get(KafkaSettings.INLINE_MAX_BYTES);
      return new Need(
          inline + ENVELOPE_BYTES,
          "%s: %d bytes".formatted(KafkaSettings.INLINE_MAX_BYTES.key(), inline));
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

  /** Room for a scan, a volume, and a dead letter of either, before compression. */
  static int maxRecordBytes(Settings settings) {
    long content = Math.max(settings.get(KafkaSettings.INLINE_MAX_BYTES), volumeBytes(settings));
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
