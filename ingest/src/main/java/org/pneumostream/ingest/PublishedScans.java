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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.ScanId;

/**
 * The scans on the scans topic, so that a repeated push is answered as such. Follows the topic from
 * its beginning and keeps about 130 bytes per scan, no values.
 *
 * <p>A scan with a dead letter instead of a prediction does not count: pushed again, it is written
 * and processed again. The letter's header {@link RecordPlace#SCAN} names the scan's record.
 *
 * <p>This is best effort: two pushes of one scan at the same moment, or through two ingests, may
 * both be written, and no scan is known until the topic has been read. Downstream ensures by the
 * key that each scan is scored once.
 *
 * <p>{@link #follow} is for one thread; the rest is thread-safe.
 */
public final class PublishedScans {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(15);
  private static final Duration PRUNE_EVERY = Duration.ofMinutes(10);

  /** A scan id as its 32 bytes, which take a third of the memory of its text. */
  private record Id(long first, long second, long third, long fourth) {
    static Id of(String scanId) {
      return new Id(part(scanId, 0), part(scanId, 1), part(scanId, 2), part(scanId, 3));
    }

    private static long part(String scanId, int index) {
      return Long.parseUnsignedLong(scanId, 16 * index, 16 * (index + 1), 16);
    }
  }

  /** Place of the latest record of each scan. */
  private final Map<Id, RecordPlace> published = new ConcurrentHashMap<>();

  /** The latest letter of a scan. */
  private record Letter(RecordPlace place, RecordPlace scan) {}

  /** Used by {@link #follow} only. */
  private final Map<Id, Letter> failed = new HashMap<>();

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
   * @param deadLetters full name of the dead-letters topic
   * @param consumer reads both; closed by the caller
   */
  public PublishedScans(String scans, String deadLetters, Consumer<String, byte[]> consumer) {
    this.scans = scans;
    this.deadLetters = deadLetters;
    this.consumer = consumer;
  }

  /** Place of the latest record of a scan, if the topic holds one. */
  Optional<RecordPlace> find(String scanId) {
    return Optional.ofNullable(published.get(Id.of(scanId)));
  }

  /** Adds a scan that was just written, without waiting to read it back. */
  void add(Receipt receipt) {
    published.merge(
        Id.of(receipt.scanId()),
        new RecordPlace(receipt.partition(), receipt.offset()),
        PublishedScans::later);
  }

  /** Forgets a scan that was just erased, without waiting to read its tombstone. */
  void forget(String scanId) {
    published.remove(Id.of(scanId));
  }

  /** Number of known scans. */
  int size() {
    return published.size();
  }

  /** Empty once the topic has been read to its initial end; otherwise how much is left to read. */
  String waitingFor() {
    return waitingFor;
  }

  /** Reads on, for at most half a second; if Kafka is unavailable, the next call retries. */
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

  /** Forgets what the topics no longer hold, and finds partitions that were added. */
  void prune() {
    assign();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, PATIENCE);
    published.values().removeIf(place -> isGone(place, scans, beginnings));
    failed.values().removeIf(letter -> isGone(letter.place(), deadLetters, beginnings));
    prunedAt = System.nanoTime();
  }

  private static boolean isGone(
      RecordPlace place, String topic, Map<TopicPartition, Long> beginnings) {
    Long beginning = beginnings.get(new TopicPartition(topic, place.partition()));
    return beginning != null && place.offset() < beginning;
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

  /** Polling alone would not detect unavailable brokers. */
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
      // A record of another producer, whose key is not a scan id.
      return;
    }
    Id id = Id.of(scanId);
    RecordPlace place = new RecordPlace(record.partition(), record.offset());
    if (record.topic().equals(scans)) {
      takeScan(id, place, record.value() == null);
    } else if (record.value() == null) {
      failed.remove(id);
    } else {
      RecordPlace.read(RecordPlace.SCAN, record.headers())
          .ifPresent(scan -> failed.put(id, new Letter(place, scan)));
    }
    Letter letter = failed.get(id);
    if (letter != null) {
      // The scan counts as missing, unless it was pushed again after the failed record.
      published.computeIfPresent(id, (same, known) -> isUpTo(known, letter.scan()) ? null : known);
    }
  }

  private void takeScan(Id id, RecordPlace place, boolean isTombstone) {
    if (!isTombstone) {
      published.merge(id, place, PublishedScans::later);
    } else {
      published.computeIfPresent(id, (same, known) -> isUpTo(known, place) ? null : known);
    }
  }

  private static boolean isUpTo(RecordPlace known, RecordPlace end) {
    return known.partition() == end.partition() && !known.isBehind(end);
  }

  /** If other producers chose two partitions, the place read last. */
  private static RecordPlace later(RecordPlace known, RecordPlace next) {
    return known.isBehind(next) ? known : next;
  }
}
