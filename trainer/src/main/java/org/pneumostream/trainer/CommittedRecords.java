package org.pneumostream.trainer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * All that a topic holds, from its beginning up to the end offsets at one moment. Reading a
 * compacted topic this way gives the latest record of every key, and maybe some earlier ones, each
 * key's in order.
 */
final class CommittedRecords {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<String, byte[]> consumer;
  private final Map<TopicPartition, Long> ends;

  private CommittedRecords(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = ends;
  }

  /**
   * Takes the end offsets.
   *
   * @param consumer a consumer of committed records, with no topic assigned
   */
  static CommittedRecords upToNow(Consumer<String, byte[]> consumer, String topic) {
    List<TopicPartition> partitions = partitions(consumer, topic);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new CommittedRecords(consumer, Map.copyOf(consumer.endOffsets(partitions)));
  }

  /**
   * Those of an earlier moment, less what compaction or retention has removed since.
   *
   * @param consumer a consumer of committed records, with no topic assigned
   * @param endOffsets of that moment, by partition number; partitions without one are left out
   * @throws TrainingRefusedException if the topic is shorter than it was then
   */
  static CommittedRecords upTo(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> endOffsets) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    endOffsets.forEach((partition, end) -> ends.put(new TopicPartition(topic, partition), end));
    consumer
        .endOffsets(ends.keySet())
        .forEach(
            (partition, end) -> {
              if (end < ends.get(partition)) {
                throw new TrainingRefusedException(
                    "%s ends at offset %d, before the snapshot's %d: it was made anew since"
                        .formatted(partition, end, ends.get(partition)));
              }
            });
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
    return new CommittedRecords(consumer, ends);
  }

  /**
   * Those that have come since an earlier moment.
   *
   * @param consumer a consumer of committed records
   * @param endOffsets of that moment, by partition number; partitions without one are left out
   */
  static CommittedRecords since(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> endOffsets) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    endOffsets.forEach((partition, end) -> starts.put(new TopicPartition(topic, partition), end));
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
    return new CommittedRecords(consumer, Map.copyOf(consumer.endOffsets(starts.keySet())));
  }

  static List<TopicPartition> partitions(Consumer<String, byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  /** The end offsets, by partition number. */
  Map<Integer, Long> endOffsets() {
    Map<Integer, Long> byNumber = new TreeMap<>();
    ends.forEach((partition, end) -> byNumber.put(partition.partition(), end));
    return byNumber;
  }

  /**
   * Reads the records.
   *
   * @param progress told how many offsets are read or passed over, and of how many
   * @param stop asked between any two polls; true ends the reading
   * @throws CancellationException if it was stopped
   */
  void forEach(
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> action,
      Progress progress,
      BooleanSupplier stop) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(ends.keySet());
    long all = sum(ends) - sum(starts);
    long left = left();
    while (left > 0) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("reading was stopped");
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
          action.accept(record);
        }
      }
      left = left();
      progress.read(all - left, all);
    }
  }

  /** Told how far the reading is. */
  interface Progress {
    void read(long offsets, long of);
  }

  private long left() {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
        .sum();
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
