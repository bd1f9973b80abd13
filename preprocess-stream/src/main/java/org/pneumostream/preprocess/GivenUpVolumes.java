package org.pneumostream.preprocess;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Topics;
import org.pneumostream.service.CommittedRecords;

/**
 * What dead-letters and predictions say of the scorer's work and of erasures. Asked only of scans
 * that come again, which are few: dead-letters is read then from where it was read to the last
 * time. Keeps the scorer's letters by scan, without values. Thread-safe.
 */
final class GivenUpVolumes implements UnscoredVolumes, AutoCloseable {
  /** What the consumer needs: it is after headers, and letters hold volumes. */
  static final Map<String, Object> CONSUMER_SETTINGS =
      Map.of(
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          1 << 20);

  /** How far back of a letter's time predictions are read: clocks differ by less. */
  private static final Duration BEFORE = Duration.ofDays(1);

  /** The latest letter of a scan. */
  private record Failure(RecordPlace scan, RecordPlace volume, Instant at) {}

  private final String deadLetters;
  private final String predictions;
  private final Consumer<String, byte[]> consumer;
  private final Map<String, Failure> failures = new HashMap<>();

  /** Up to where on the scans topic a scan was erased. */
  private final Map<String, RecordPlace> erased = new HashMap<>();

  private Map<Integer, Long> readTo = Map.of();

  /**
   * @param consumer of committed records; closed with this
   */
  GivenUpVolumes(Topics topics, Consumer<String, byte[]> consumer) {
    this.deadLetters = topics.deadLetters().name();
    this.predictions = topics.predictions().name();
    this.consumer = consumer;
  }

  @Override
  public synchronized boolean isGone(String scanId, RecordPlace scan) {
    try {
      readLetters();
      return isErased(scanId, scan) || isGivenUp(scanId, scan);
    } finally {
      // What was fetched ahead is let go.
      consumer.unsubscribe();
    }
  }

  private boolean isErased(String scanId, RecordPlace scan) {
    RecordPlace last = erased.get(scanId);
    return last != null && (last.equals(scan) || last.isBehind(scan));
  }

  private boolean isGivenUp(String scanId, RecordPlace scan) {
    return Optional.ofNullable(failures.get(scanId))
        .filter(failure -> failure.scan().equals(scan))
        .filter(failure -> !isScoredSince(scanId, failure))
        .isPresent();
  }

  private void readLetters() {
    CommittedRecords letters =
        readTo.isEmpty()
            ? CommittedRecords.upToNow(consumer, deadLetters)
            : CommittedRecords.since(consumer, deadLetters, readTo);
    letters.forEach(this::take);
    readTo = letters.endOffsets();
  }

  private void take(ConsumerRecord<String, byte[]> letter) {
    if (letter.value() == null) {
      failures.remove(letter.key());
      RecordPlace.read(RecordPlace.SCAN, letter.headers())
          .ifPresent(last -> erased.put(letter.key(), last));
      return;
    }
    Optional<RecordPlace> scan = RecordPlace.read(RecordPlace.SCAN, letter.headers());
    Optional<RecordPlace> volume = RecordPlace.read(RecordPlace.VOLUME, letter.headers());
    if (scan.isPresent() && volume.isPresent()) {
      failures.put(
          letter.key(),
          new Failure(scan.get(), volume.get(), Instant.ofEpochMilli(letter.timestamp())));
    }
  }

  /** Whether the volume was put back, by a retry, and scored. */
  private boolean isScoredSince(String scanId, Failure failure) {
    AtomicBoolean isScored = new AtomicBoolean();
    CommittedRecords.since(consumer, predictions, failure.at().minus(BEFORE))
        .forEach(
            prediction -> {
              if (scanId.equals(prediction.key()) && prediction.value() != null) {
                RecordPlace.read(RecordPlace.VOLUME, prediction.headers())
                    .filter(volume -> volume.isBehind(failure.volume()))
                    .ifPresent(volume -> isScored.set(true));
              }
            });
    return isScored.get();
  }

  @Override
  public void close() {
    consumer.wakeup();
    synchronized (this) {
      consumer.close();
    }
  }
}
