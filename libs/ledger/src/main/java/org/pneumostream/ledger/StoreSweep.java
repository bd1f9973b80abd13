package org.pneumostream.ledger;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.StoredObject;
import org.pneumostream.schemas.Topics;

/**
 * Removes from the scan store what nothing refers to any more: the record has expired, or a push
 * that died never wrote one. A scan stays as long as a record of it lies on scans, or a dead
 * letter, which may be retried; and, whatever the topics say, until it has a certain age. Sweeps at
 * the same time, of several ingests, do no harm.
 */
public final class StoreSweep {
  /** No push takes that long: what is half written and older was left by a process that died. */
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  /**
   * What a sweep has removed.
   *
   * @param objects whole ones
   * @param halfWritten others
   */
  public record Swept(int objects, int halfWritten) {}

  private final KafkaConnection kafka;
  private final ScanStore store;
  private final Duration keep;
  private final InstantSource clock;

  /**
   * @param keep how long ago an object must have been written before it may go; longer than a push
   *     can take
   */
  public StoreSweep(KafkaConnection kafka, ScanStore store, Duration keep, InstantSource clock) {
    this.kafka = kafka;
    this.store = store;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Sweeps. Reads scans and dead-letters through, unless everything in the store is young.
   *
   * @param stop asked while topics are read; true ends the sweep
   * @throws IOException if the store does not answer, or is the store of other topics
   * @throws org.apache.kafka.common.KafkaException if Kafka does not
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  public Swept run(BooleanSupplier stop) throws IOException {
    requireOwn();
    Instant now = clock.instant();
    Instant writtenBefore = now.minus(keep);
    int halfWritten = store.removeAbandoned(now.minus(ABANDONED_AFTER));
    // Listed before the topics are read: what is written later is not in question.
    List<StoredObject> objects = store.objects();
    if (unreferenced(objects, new ScansOnRecord(), writtenBefore).isEmpty()) {
      return new Swept(0, halfWritten);
    }
    int removed = 0;
    for (StoredObject object : unreferenced(objects, onRecord(stop), writtenBefore)) {
      removed += store.remove(object) ? 1 : 0;
    }
    return new Swept(removed, halfWritten);
  }

  /** By topics that others write, every scan of theirs would be one that nothing refers to. */
  private void requireOwn() throws IOException {
    String own = kafka.clusterId() + " " + kafka.topics().prefix();
    String owner = store.owner(own);
    if (!owner.equals(own)) {
      throw new IOException(
          "it belongs to cluster and topic-prefix '%s', not to '%s', by its object 'owner'"
              .formatted(owner, own));
    }
  }

  /** Those that may go. */
  static List<StoredObject> unreferenced(
      List<StoredObject> objects, ScansOnRecord onRecord, Instant writtenBefore) {
    return objects.stream()
        .filter(object -> object.writtenAt().isBefore(writtenBefore))
        .filter(object -> !onRecord.contains(object.scanId()))
        .toList();
  }

  private ScansOnRecord onRecord(BooleanSupplier stop) {
    Topics topics = kafka.topics();
    ScansOnRecord onRecord = new ScansOnRecord();
    try (Consumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES)) {
      CommittedRecords.upToNow(
              consumer, List.of(topics.scans().name(), topics.deadLetters().name()))
          .forEach(onRecord::take, (read, of) -> {}, stop);
    }
    return onRecord;
  }
}
