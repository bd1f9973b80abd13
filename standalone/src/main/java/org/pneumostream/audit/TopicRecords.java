package org.pneumostream.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Topic;

/** Reads what is committed on a topic at one moment, tombstones and all. */
final class TopicRecords {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Values are megabytes and are dropped at once: no more of them at a time than must be. */
  private static final Map<String, Object> SETTINGS =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  private final KafkaConnection kafka;

  TopicRecords(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /** Gives every record, of each partition in its order. */
  void forEach(Topic<?> topic, Consumer<ConsumerRecord<String, byte[]>> take) {
    forEach(topic, Instant.EPOCH, take);
  }

  /**
   * Gives every record with that timestamp or a later one, and maybe some before.
   *
   * @throws IllegalStateException if there is no such topic
   */
  void forEach(Topic<?> topic, Instant from, Consumer<ConsumerRecord<String, byte[]>> take) {
    try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(SETTINGS)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new IllegalStateException("there is no topic " + topic.name() + " yet");
      }
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      starts(consumer, ends, from).forEach(consumer::seek);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
            take.accept(record);
          }
        }
      }
    }
  }

  private static Map<TopicPartition, Long> starts(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends, Instant from) {
    if (from.equals(Instant.EPOCH)) {
      return consumer.beginningOffsets(ends.keySet());
    }
    Map<TopicPartition, Long> starts = new HashMap<>(ends);
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            ends.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, p -> from.toEpochMilli())));
    found.forEach(
        (partition, offset) -> {
          // Null where every record is older.
          if (offset != null) {
            starts.put(partition, offset.offset());
          }
        });
    return starts;
  }
}
