package org.pneumostream.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.pneumostream.ledger.UnreadableRecord;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Topic;

/** Reads a topic from its beginning; reports and skips unreadable records. */
final class TopicReader<V extends SpecificRecord> {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConnection kafka;
  private final Topic<V> topic;
  private final Consumer<UnreadableRecord> unreadable;

  /**
   * @param unreadable receives each unreadable record
   */
  TopicReader(KafkaConnection kafka, Topic<V> topic, Consumer<UnreadableRecord> unreadable) {
    this.kafka = kafka;
    this.topic = topic;
    this.unreadable = unreadable;
  }

  /**
   * Passes on every record committed up to now, without tombstones and what they erased; if asked
   * to follow, also all new records, until the process ends.
   */
  void read(boolean follow, BiConsumer<ConsumerRecord<String, byte[]>, V> take) {
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of())) {
      CommittedRecords committed = CommittedRecords.upToNow(consumer, topic.name());
      Map<String, Long> tombstones = tombstones(committed);
      consumer.seekToBeginning(consumer.assignment());
      while (follow || committed.left() > 0) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.value() != null
              && record.offset() > tombstones.getOrDefault(place(record), -1L)) {
            UnreadableRecord.value(topic, record, unreadable)
                .ifPresent(value -> take.accept(record, value));
          }
        }
      }
    }
  }

  /** Offset of the last tombstone of each key, by partition; earlier records were erased. */
  private static Map<String, Long> tombstones(CommittedRecords committed) {
    Map<String, Long> tombstones = new HashMap<>();
    committed.forEach(
        record -> {
          if (record.value() == null) {
            tombstones.put(place(record), record.offset());
          }
        });
    return tombstones;
  }

  private static String place(ConsumerRecord<String, byte[]> record) {
    return record.partition() + "/" + record.key();
  }
}
