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
 * Which scans the scans topic holds, so that a push of one of them is told so. Follows the topic
 * from its beginning and keeps about 130 bytes a scan: no values.
 *
 * <p>A scan that a dead letter keeps from its prediction counts as one that is not there: pushed
 * again, it is written again, and tried again. The letter's header {@link RecordPlace#SCAN} says
 * which record of the scan it is about.
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

  /** A scan id as its 32 bytes: a third of the memory of its text. */
  private record Id(long first, long second, long third, long fourth) {
    static Id of(String scanId) {
      return new Id(part(scanId, 0), part(scanId, 1), part(scanId, 2), part(scanId, 3));
    }

    private static long part(String scanId, int index) {
      return Long.parseUnsignedLong(scanId, 16 * index, 16 * (index + 1), 16);
    }
  }

  /** Where the latest record of each scan lies. */
  private final Map<Id, RecordPlace> published = new ConcurrentHashMap<>();

  /** The latest letter of a scan. */
  private record Letter(RecordPlace place, RecordPlace scan) {}

  /** Of {@link #follow} alone. */
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
   * @param deadLetters of the dead letters
   * @param consumer reads both; closed by whoever made it
   */
  public PublishedScans(String scans, String deadLetters, Consumer<String, byte[]> consumer) {
    this.scans = scans;
    this.deadLetters = deadLetters;
    this.consumer = consumer;
  }

  /** Where the latest record of a scan lies, if the topic holds one. */
  Optional<RecordPlace> find(String scanId) {
    return Optional.ofNullable(published.get(Id.of(scanId)));
  }

  /** Takes up a scan that was just written, without waiting to read it back. */
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
      // Gone, unless it has come again behind the one that has failed.
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

  /** Of two partitions, which other producers may have chosen, the one that is read last. */
  private static RecordPlace later(RecordPlace known, RecordPlace next) {
    return known.isBehind(next) ? known : next;
  }
}
