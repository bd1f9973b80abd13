package org.pneumostream.scorer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** In-flight records of the scorer, not committed yet. */
final class Batch {
  private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

  void add(Iterable<ConsumerRecord<String, byte[]>> more) {
    more.forEach(records::add);
  }

  /** Drops records of partitions that another consumer will read. */
  void forget(Collection<TopicPartition> partitions) {
    records.removeIf(
        record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
  }

  void clear() {
    records.clear();
  }

  int size() {
    return records.size();
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  List<ConsumerRecord<String, byte[]>> records() {
    return List.copyOf(records);
  }

  /** Offsets from which partitions are read again if the batch is aborted. */
  Map<TopicPartition, Long> begins() {
    Map<TopicPartition, Long> begins = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      begins.merge(
          new TopicPartition(record.topic(), record.partition()), record.offset(), Math::min);
    }
    return begins;
  }

  /** Offsets to commit once the batch is done. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      offsets.put(
          new TopicPartition(record.topic(), record.partition()),
          new OffsetAndMetadata(record.offset() + 1));
    }
    return offsets;
  }
}
