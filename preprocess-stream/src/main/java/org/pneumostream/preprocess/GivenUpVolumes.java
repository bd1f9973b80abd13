package org.pneumostream.preprocess;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topics;

/**
 * The scorer's failures and erasures, from dead-letters and predictions. Only needed for scans
 * pushed again, which are few: each call reads the topics from where the last call stopped. Keeps
 * places and offsets, no values. Thread-safe.
 */
final class GivenUpVolumes implements UnscoredVolumes, AutoCloseable {
  /** The scorer's latest letter about a scan: the place of the scan, and the letter's offset. */
  private record Failure(RecordPlace scan, long letter) {}

  private final String deadLetters;
  private final String predictions;
  private final Consumer<String, byte[]> consumer;
  private final Map<String, Failure> failures = new HashMap<>();

  /** Offsets of letters whose volume was retried and scored. */
  private final Set<Long> settled = new HashSet<>();

  /** Place on the scans topic up to which a scan was erased. */
  private final Map<String, RecordPlace> erased = new HashMap<>();

  /** Keyed by topic and partition. */
  private final Map<String, Map<Integer, Long>> readTo = new HashMap<>();

  /**
   * @param consumer a read-committed consumer; closed with this
   */
  GivenUpVolumes(Topics topics, Consumer<String, byte[]> consumer) {
    this.deadLetters = topics.deadLetters().name();
    this.predictions = topics.predictions().name();
    this.consumer = consumer;
  }

  @Override
  public synchronized boolean isGone(String scanId, RecordPlace scan) {
    try {
      read(deadLetters, this::takeLetter);
      return isErased(scanId, scan) || isGivenUp(scanId, scan);
    } finally {
      // Drops prefetched records.
      consumer.unsubscribe();
    }
  }

  private boolean isErased(String scanId, RecordPlace scan) {
    RecordPlace last = erased.get(scanId);
    return last != null && (last.equals(scan) || last.isBehind(scan));
  }

  private boolean isGivenUp(String scanId, RecordPlace scan) {
    Optional<Failure> failure =
        Optional.ofNullable(failures.get(scanId)).filter(found -> found.scan().equals(scan));
    if (failure.isEmpty()) {
      return false;
    }
    read(predictions, prediction -> settled.addAll(RetryOf.read(prediction.headers()).letters()));
    return !settled.contains(failure.get().letter());
  }

  private void read(
      String topic, java.util.function.Consumer<ConsumerRecord<String, byte[]>> take) {
    CommittedRecords records =
        readTo.containsKey(topic)
            ? CommittedRecords.since(consumer, topic, readTo.get(topic))
            : CommittedRecords.upToNow(consumer, topic);
    records.forEach(take);
    readTo.put(topic, records.endOffsets());
  }

  private void takeLetter(ConsumerRecord<String, byte[]> letter) {
    Optional<RecordPlace> scan = RecordPlace.read(RecordPlace.SCAN, letter.headers());
    if (letter.value() == null) {
      failures.remove(letter.key());
      scan.ifPresent(last -> erased.put(letter.key(), last));
    } else if (scan.isPresent()
        && RecordPlace.read(RecordPlace.VOLUME, letter.headers()).isPresent()) {
      failures.put(letter.key(), new Failure(scan.get(), letter.offset()));
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    synchronized (this) {
      consumer.close();
    }
  }
}
