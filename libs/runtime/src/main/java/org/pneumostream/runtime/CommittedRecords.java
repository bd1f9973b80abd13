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
 * The records of topics up to their end offsets at one moment, including tombstones. Reading a
 * compacted topic this way returns the latest record of every key, and maybe earlier ones, in order
 * for each key. For one thread, with a read-committed consumer that is not used for anything else
 * meanwhile.
 */
public final class CommittedRecords {
  /** For consumers that discard large values at once: keeps few of them in memory. */
  public static final Map<String, Object> FEW_VALUES =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  private static final Duration POLL = Duration.ofMillis(200);

  /** Waits for unavailable brokers as long as Kafka's own calls do. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Consumer<String, byte[]> consumer;
  private final Map<TopicPartition, Long> ends;

  private CommittedRecords(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = Map.copyOf(ends);
  }

  /**
   * All records up to the current end.
   *
   * @throws UnknownTopicOrPartitionException if the topic does not exist
   */
  public static CommittedRecords upToNow(
      Consumer<String, byte[]> consumer, Collection<String> topics) {
    List<TopicPartition> partitions = partitions(consumer, topics);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new CommittedRecords(consumer, consumer.endOffsets(partitions));
  }

  /** Like {@link #upToNow(Consumer, Collection)}, for one topic. */
  public static CommittedRecords upToNow(Consumer<String, byte[]> consumer, String topic) {
    return upToNow(consumer, List.of(topic));
  }

  /**
   * The records up to earlier end offsets, without those that compaction or retention has removed
   * since.
   *
   * @param endOffsets by partition number; other partitions are not read
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
                    "%s ends at offset %d, expected at least %d".formatted(partition, end, then));
              }
            });
    consumer.assign(ends.keySet());
    consumer.seekToBeginning(ends.keySet());
    return new CommittedRecords(consumer, ends);
  }

  /**
   * The records from earlier end offsets on.
   *
   * @param endOffsets by partition number; other partitions are not read
   */
  public static CommittedRecords since(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> endOffsets) {
    Map<TopicPartition, Long> starts = ofTopic(topic, endOffsets);
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
    return new CommittedRecords(consumer, consumer.endOffsets(starts.keySet()));
  }

  /**
   * The records with a timestamp or a later one, and maybe some before.
   *
   * @throws UnknownTopicOrPartitionException if the topic does not exist
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
            // Null if every record is older.
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
   * @throws UnknownTopicOrPartitionException if a topic does not exist
   */
  public static List<TopicPartition> partitions(
      Consumer<String, byte[]> consumer, Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found.isEmpty()) {
        throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist yet");
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
   * @throws TimeoutException if the brokers return none for a minute
   */
  public void forEach(java.util.function.Consumer<ConsumerRecord<String, byte[]>> action) {
    forEach(action, (read, of) -> {}, () -> false);
  }

  /**
   * Reads the records.
   *
   * @param progress receives the number of offsets read or skipped, and their total
   * @param stop checked between polls; true stops reading
   * @throws CancellationException if stopped
   * @throws TimeoutException if the brokers return none for a minute
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
            "received no records for %d s, %d offsets left to read"
                .formatted(patience.toSeconds(), left));
      }
    }
  }

  /** Receives the progress of reading. */
  public interface Progress {
    void read(long offsets, long of);
  }

  /** Number of offsets that the consumer has not yet read or skipped. */
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
