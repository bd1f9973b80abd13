package org.pneumostream.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Topic;

/** Reads a topic from its beginning. */
final class TopicReader<V extends SpecificRecord> {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConnection kafka;
  private final Topic<V> topic;

  TopicReader(KafkaConnection kafka, Topic<V> topic) {
    this.kafka = kafka;
    this.topic = topic;
  }

  /**
   * Gives every record committed up to now, without tombstones and without what they took back;
   * then, if asked to follow, all that come, until the process ends.
   */
  void read(boolean follow, BiConsumer<ConsumerRecord<String, byte[]>, V> take) {
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new IllegalStateException("there is no topic " + topic.name() + " yet");
      }
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<String, Long> tombstones = tombstones(consumer, ends);
      consumer.seekToBeginning(partitions);
      while (follow || isBefore(consumer, ends)) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.value() != null
              && record.offset() > tombstones.getOrDefault(place(record), -1L)) {
            take.accept(record, topic.value(record.value()));
          }
        }
      }
    }
  }

  /** Offset of the last tombstone of each partition's keys: what lies before it was erased. */
  private static Map<String, Long> tombstones(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    Map<String, Long> tombstones = new HashMap<>();
    consumer.seekToBeginning(ends.keySet());
    while (isBefore(consumer, ends)) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (record.value() == null) {
          tombstones.put(place(record), record.offset());
        }
      }
    }
    return tombstones;
  }

  private static String place(ConsumerRecord<String, byte[]> record) {
    return record.partition() + "/" + record.key();
  }

  private static boolean isBefore(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }
}
