package org.pneumostream.ingest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.pneumostream.schemas.ScanId;

/**
 * Which scans the scans topic holds, so that a push of one of them is told so. Follows the topic
 * from its beginning and keeps about 130 bytes a scan: no values.
 *
 * <p>A scan of which a dead letter has come since counts as one that is not there: pushed again, it
 * is written again, and tried again. Which came first is told by the records' times.
 *
 * <p>Best effort by nature: two pushes of one scan at the same moment, or through two ingests, may
 * both be written, and none is known until the topic has been read. That each scan is scored once
 * is seen to downstream, by its key.
 *
 * <p>{@link #follow} is for one thread; the rest is thread-safe.
 */
public final class PublishedScans {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(15);
  private static final Duration PRUNE_EVERY = Duration.ofMinutes(10);

  /**
   * What the consumer needs: it is after keys, so it takes no more values at a time than it must.
   */
  static final Map<String, Object> CONSUMER_SETTINGS =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  /** A scan id as its 32 bytes: a third of the memory of its text. */
  private record Id(long first, long second, long third, long fourth) {
    static Id of(String scanId) {
      return new Id(part(scanId, 0), part(scanId, 1), part(scanId, 2), part(scanId, 3));
    }

    private static long part(String scanId, int index) {
      return Long.parseUnsignedLong(scanId, 16 * index, 16 * (index + 1), 16);
    }
  }

  /** Where a record lies. */
  record Position(int partition, long offset) {}

  /** The latest record of a scan on one of the topics, and its time in ms. */
  private record Latest(Position position, long timestamp) {
    static Latest of(ConsumerRecord<?, ?> record) {
      return new Latest(new Position(record.partition(), record.offset()), record.timestamp());
    }

    /** The later of two; of the same record, what is read of it. */
    Latest or(Latest next) {
      return next.position.offset() >= position.offset() ? next : this;
    }
  }

  private final Map<Id, Latest> published = new ConcurrentHashMap<>();

  /** The letters; of {@link #follow} alone. */
  private final Map<Id, Latest> failed = new HashMap<>();

  private final String scans;
  private final String deadLetters;
  private final Consumer<String, byte[]> consumer;
  private List<TopicPartition> partitions = List.of();
  private long prunedAt = System.nanoTime();
  private long checkedAt;
  private boolean caughtUp;
  private volatile String waitingFor = "the scans topic";

  /**
   * @param scans full name of the scans topic
   * @param deadLetters of the dead letters
   * @param consumer reads both; closed by whoever made it
   */
  public PublishedScans(String scans, String deadLetters, Consumer<String, byte[]> consumer) {
    this.scans = scans;
    this.deadLetters = deadLetters;
    this.consumer = consumer;
  }

  /** Where the latest record of a scan lies, if the topic holds one. */
  Optional<Position> find(String scanId) {
    return Optional.ofNullable(published.get(Id.of(scanId))).map(Latest::position);
  }

  /** Takes up a scan that was just written, without waiting to read it back. */
  void add(Receipt receipt) {
    // Newer than any letter, until its own time is read, unless that has been read already.
    published.merge(
        Id.of(receipt.scanId()),
        new Latest(new Position(receipt.partition(), receipt.offset()), Long.MAX_VALUE),
        (known, next) -> next.position.offset() > known.position.offset() ? next : known);
  }

  /** Forgets a scan that was just erased, without waiting to read its tombstone. */
  void forget(String scanId) {
    published.remove(Id.of(scanId));
  }

  /** How many scans are known. */
  int size() {
    return published.size();
  }

  /** Empty once all that the topic held has been read, else how much is left to read. */
  String waitingFor() {
    return waitingFor;
  }

  /** Reads on, for half a second at most; where Kafka is away, tries again next time. */
  void follow() {
    try {
      if (partitions.isEmpty()) {
        assign();
      }
      if (partitions.isEmpty()) {
        LockSupport.parkNanos(POLL.toNanos());
        return;
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      if (!caughtUp || System.nanoTime() - checkedAt > CHECK_EVERY.toNanos()) {
        check();
      }
      if (System.nanoTime() - prunedAt > PRUNE_EVERY.toNanos()) {
        prune();
      }
    } catch (RetriableException e) {
      waitingFor = "Kafka: " + e.getMessage();
    }
  }

  /** Forgets what the topics no longer hold, and finds partitions that were added to them. */
  void prune() {
    assign();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, PATIENCE);
    prune(published, scans, beginnings);
    prune(failed, deadLetters, beginnings);
    prunedAt = System.nanoTime();
  }

  private static void prune(
      Map<Id, Latest> latest, String topic, Map<TopicPartition, Long> beginnings) {
    latest
        .values()
        .removeIf(
            record -> {
              Position position = record.position();
              Long beginning = beginnings.get(new TopicPartition(topic, position.partition()));
              return beginning != null && position.offset() < beginning;
            });
  }

  private void assign() {
    List<TopicPartition> found = new ArrayList<>();
    for (String topic : List.of(scans, deadLetters)) {
      List<PartitionInfo> there = consumer.partitionsFor(topic, PATIENCE);
      if (there.isEmpty()) {
        waitingFor = "topic " + topic;
        return;
      }
      there.forEach(info -> found.add(new TopicPartition(topic, info.partition())));
    }
    List<TopicPartition> added =
        found.stream().filter(partition -> !partitions.contains(partition)).toList();
    if (!added.isEmpty()) {
      consumer.assign(found);
      consumer.seekToBeginning(added);
      partitions = found;
    }
  }

  /** Polling alone would not tell that the brokers are away. */
  private void check() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
    long left =
        ends.entrySet().stream()
            .mapToLong(
                end -> Math.max(0, end.getValue() - consumer.position(end.getKey(), PATIENCE)))
            .sum();
    caughtUp |= left == 0;
    waitingFor = caughtUp ? "" : "reading " + left + " records";
    checkedAt = System.nanoTime();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    String scanId = record.key();
    if (scanId == null || !ScanId.isOne(scanId)) {
      // Whatever another producer has put there, it is no scan that could be pushed here.
      return;
    }
    Id id = Id.of(scanId);
    if (record.topic().equals(scans)) {
      takeScan(id, record);
    } else if (record.value() == null) {
      failed.remove(id);
    } else {
      failed.merge(id, Latest.of(record), Latest::or);
    }
    Latest letter = failed.get(id);
    if (letter != null) {
      published.computeIfPresent(
          id, (same, known) -> known.timestamp() <= letter.timestamp() ? null : known);
    }
  }

  private void takeScan(Id id, ConsumerRecord<String, byte[]> record) {
    if (record.value() != null) {
      published.merge(id, Latest.of(record), Latest::or);
    } else {
      published.computeIfPresent(
          id, (same, known) -> known.position().offset() < record.offset() ? null : known);
    }
  }
}
