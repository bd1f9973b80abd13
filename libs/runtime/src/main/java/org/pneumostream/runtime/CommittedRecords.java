package org.pneumostream.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What topics hold up to their end offsets at one moment, tombstones and all. Reading a compacted
 * topic this way gives the latest record of every key, and maybe some earlier ones, each key's in
 * order. For one thread, with a consumer of committed records that has nothing else to read
 * meanwhile.
 */
public final class CommittedRecords {
  /** For a consumer that drops values of megabytes at once: few of them are in memory at a time. */
  public static final Map<String, Object> FEW_VALUES =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  private static final Duration POLL = Duration.ofMillis(200);

  /** Brokers that are away are waited for as long as Kafka's own calls wait for them. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Consumer<String, byte[]> consumer;
  private final Map<TopicPartition, Long> ends;

  private CommittedRecords(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = Map.copyOf(ends);
  }

  /**
   * All that there is now.
   *
   * @throws UnknownTopicOrPartitionException if there is no such topic
   */
  public static CommittedRecords upToNow(
      Consumer<String, byte[]> consumer, Collection<String> topics) {
    List<TopicPartition> partitions = partitions(consumer, topics);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new CommittedRecords(consumer, consumer.endOffsets(partitions));
  }

  /** As {@link #upToNow(Consumer, Collection)}, of one topic. */
  public static CommittedRecords upToNow(Consumer<String, byte[]> consumer, String topic) {
    return upToNow(consumer, List.of(topic));
  }

  /**
   * Those of an earlier moment, less what compaction or retention has removed since.
   *
   * @param endOffsets of that moment, by partition number; partitions without one are left out
   * @throws IllegalArgumentException if the topic is shorter than it was then
   */
  public static CommittedRecords upTo(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> endOffsets) {
    Map<TopicPartition, Long> ends = ofTopic(topic, endOffsets);
    consumer
        .endOffsets(ends.keySet())
        .forEach(
            (partition, end) -> {
              long then = ends.getOrDefault(partition, 0L);
              if (end < then) {
                throw new IllegalArgumentException(
                    "%s ends at offset %d, before %d".formatted(partition, end, then));
              }
            });
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
    return new CommittedRecords(consumer, ends);
  }

  /**
   * Those that have come since an earlier moment.
   *
   * @param endOffsets of that moment, by partition number; partitions without one are left out
   */
  public static CommittedRecords since(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> endOffsets) {
    Map<TopicPartition, Long> starts = ofTopic(topic, endOffsets);
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
    return new CommittedRecords(consumer, consumer.endOffsets(starts.keySet()));
  }

  /**
   * Those with that timestamp or a later one, and maybe some before.
   *
   * @throws UnknownTopicOrPartitionException if there is no such topic
   */
  public static CommittedRecords since(
      Consumer<String, byte[]> consumer, String topic, Instant timestamp) {
    List<TopicPartition> partitions = partitions(consumer, List.of(topic));
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    consumer
        .offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(Function.identity(), p -> timestamp.toEpochMilli())))
        .forEach(
            // Null where every record is older.
            (partition, found) ->
                consumer.seek(
                    partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
    return new CommittedRecords(consumer, ends);
  }

  /** Where a partition ends, as this consumer sees it. */
  public static long end(Consumer<String, byte[]> consumer, TopicPartition partition) {
    return Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
  }

  /**
   * The topics' partitions.
   *
   * @throws UnknownTopicOrPartitionException if there is no such topic
   */
  public static List<TopicPartition> partitions(
      Consumer<String, byte[]> consumer, Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found.isEmpty()) {
        throw new UnknownTopicOrPartitionException("there is no topic " + topic + " yet");
      }
      found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  /** The end offsets of the one topic, by partition number. */
  public Map<Integer, Long> endOffsets() {
    Map<Integer, Long> byNumber = new TreeMap<>();
    ends.forEach((partition, end) -> byNumber.put(partition.partition(), end));
    return byNumber;
  }

  /**
   * Reads the records.
   *
   * @throws TimeoutException if the brokers give none for a minute
   */
  public void forEach(java.util.function.Consumer<ConsumerRecord<String, byte[]>> action) {
    forEach(action, (read, of) -> {}, () -> false);
  }

  /**
   * Reads the records.
   *
   * @param progress told how many offsets are read or passed over, and of how many
   * @param stop asked between any two polls; true ends the reading
   * @throws CancellationException if it was stopped
   * @throws TimeoutException if the brokers give none for a minute
   */
  public void forEach(
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> action,
      Progress progress,
      BooleanSupplier stop) {
    forEach(action, progress, stop, PATIENCE);
  }

  void forEach(
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> action,
      Progress progress,
      BooleanSupplier stop,
      Duration patience) {
    long all = left();
    long left = all;
    long readAt = System.nanoTime();
    while (left > 0) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("reading was stopped");
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          action.accept(record);
        }
      }
      long before = left;
      left = left();
      progress.read(all - left, all);
      if (left < before) {
        readAt = System.nanoTime();
      } else if (System.nanoTime() - readAt > patience.toNanos()) {
        throw new TimeoutException(
            "no records for %d s, %d still to be read".formatted(patience.toSeconds(), left));
      }
    }
  }

  /** Told how far the reading is. */
  public interface Progress {
    void read(long offsets, long of);
  }

  /** How many offsets the consumer has not read or passed over yet. */
  public long left() {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
        .sum();
  }

  private static Map<TopicPartition, Long> ofTopic(String topic, Map<Integer, Long> offsets) {
    Map<TopicPartition, Long> ofTopic = new HashMap<>();
    offsets.forEach((number, offset) -> ofTopic.put(new TopicPartition(topic, number), offset));
    return ofTopic;
  }
}
