package org.pneumostream.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.PartitionOffsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scans that preprocess-stream has not read yet: their age, and which have expired. */
public final class UnreadScans {
  private static final Logger log = LoggerFactory.getLogger(UnreadScans.class);
  private static final Pattern KEY = Pattern.compile("expired-(\\d{1,9})@(\\d{1,18})-(\\d{1,18})");

  private static final Duration POLL = Duration.ofMillis(200);

  /** Bounds the wait behind an open transaction; after that the partition counts as read. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Offsets of a partition of scans that expired unread.
   *
   * @param from the first offset
   * @param to the offset after the last
   */
  public record Expired(int partition, long from, long to) {
    /** Number of scans, including a few transaction markers. */
    public long count() {
      return to - from;
    }

    /** Key of the dead letter for them, written when the position has moved on. */
    public String key() {
      return "expired-%d@%d-%d".formatted(partition, from, to);
    }

    /** Parses such a key; empty for any other. */
    public static Optional<Expired> ofKey(String key) {
      return Optional.ofNullable(key)
          .map(KEY::matcher)
          .filter(Matcher::matches)
          .map(
              parts ->
                  new Expired(
                      Integer.parseInt(parts.group(1)),
                      Long.parseLong(parts.group(2)),
                      Long.parseLong(parts.group(3))));
    }
  }

  private final KafkaConnection kafka;
  private final String topic;

  public UnreadScans(KafkaConnection kafka) {
    this.kafka = kafka;
    this.topic = kafka.topics().scans().name();
  }

  /**
   * What retention has removed before preprocess-stream read it, by partition. If its position is
   * unknown, since it never ran or Kafka has removed its offsets, all expired records count.
   *
   * @throws KafkaException if Kafka is unavailable, or this login lacks the right
   */
  public List<Expired> expired() {
    return expired(true);
  }

  /**
   * The same, but empty for partitions without a known position.
   *
   * @throws KafkaException if Kafka is unavailable, or this login lacks the right
   */
  public List<Expired> expiredBehindPosition() {
    return expired(false);
  }

  private List<Expired> expired(boolean unknownIsZero) {
    try (Admin admin = kafka.admin()) {
      Map<TopicPartition, Long> begins = PartitionOffsets.of(topic, OffsetSpec.earliest(), admin);
      Map<TopicPartition, Long> committed =
          new HashMap<>(PartitionOffsets.committed(kafka.topics().preprocessGroup(), admin));
      PartitionOffsets.committed(group(), admin)
          .forEach((partition, offset) -> committed.merge(partition, offset, Math::max));
      List<Expired> expired = new ArrayList<>();
      begins.forEach(
          (partition, begin) -> {
            long read = committed.getOrDefault(partition, unknownIsZero ? 0L : begin);
            if (read < begin) {
              expired.add(new Expired(partition.partition(), read, begin));
            }
          });
      return expired;
    }
  }

  /**
   * When the oldest of them was pushed; empty if there is none. Commits, in a group of its own,
   * offsets up to which there is none: preprocess-stream's position does not move past records that
   * no consumer sees, such as transaction markers, and these are not scans that expire.
   *
   * @throws KafkaException if Kafka is unavailable, or this login lacks the right
   */
  public Optional<Instant> oldest() {
    try (Admin admin = kafka.admin();
        Consumer<String, byte[]> consumer = kafka.consumer(consumerSettings())) {
      Map<TopicPartition, Long> begins = PartitionOffsets.of(topic, OffsetSpec.earliest(), admin);
      Map<TopicPartition, Long> ends = PartitionOffsets.of(topic, OffsetSpec.latest(), admin);
      Map<TopicPartition, Long> committed =
          PartitionOffsets.committed(kafka.topics().preprocessGroup(), admin);
      Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
      Optional<Instant> oldest = Optional.empty();
      for (TopicPartition partition : begins.keySet()) {
        long from = Math.max(begins.get(partition), committed.getOrDefault(partition, 0L));
        long end = Objects.requireNonNull(ends.get(partition));
        Optional<Instant> pushed = pushedAt(partition, from, end, consumer);
        if (pushed.isEmpty() && from < end && consumer.position(partition) >= end) {
          read.put(partition, new OffsetAndMetadata(end));
        }
        oldest = Stream.of(oldest, pushed).flatMap(Optional::stream).min(Instant::compareTo);
      }
      note(read, consumer);
      return oldest;
    }
  }

  private static void note(
      Map<TopicPartition, OffsetAndMetadata> read, Consumer<String, byte[]> consumer) {
    try {
      if (!read.isEmpty()) {
        consumer.commitSync(read);
      }
    } catch (AuthorizationException e) {
      log.debug("cannot commit positions of unread scans: {}", e.toString());
    }
  }

  private String group() {
    return topic + ".unread";
  }

  private static Optional<Instant> pushedAt(
      TopicPartition partition, long from, long end, Consumer<String, byte[]> consumer) {
    if (from >= end) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long start = System.nanoTime();
    while (consumer.position(partition) < end && System.nanoTime() - start < PATIENCE.toNanos()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        return Optional.of(Instant.ofEpochMilli(record.timestamp()));
      }
    }
    return Optional.empty();
  }

  /** Fetches the requested record and as few others as possible. */
  private Map<String, Object> consumerSettings() {
    return Map.of(
        ConsumerConfig.GROUP_ID_CONFIG,
        group(),
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        1,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        1);
  }
}
