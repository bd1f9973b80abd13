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
 * Removes unreferenced objects from the scan store: their record has expired, or a push that died
 * never wrote one. A scan stays as long as it has a record on scans, or a dead letter, which may be
 * retried. Objects below a minimum age always stay. Several ingests may sweep at the same time.
 */
public final class StoreSweep {
  /** No push takes that long: older incomplete objects belong to processes that died. */
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  /**
   * Result of a sweep.
   *
   * @param objects complete objects removed
   * @param halfWritten incomplete objects removed
   */
  public record Swept(int objects, int halfWritten) {}

  private final KafkaConnection kafka;
  private final ScanStore store;
  private final Duration keep;
  private final InstantSource clock;

  /**
   * @param keep least age of an object that may be removed; longer than any push
   */
  public StoreSweep(KafkaConnection kafka, ScanStore store, Duration keep, InstantSource clock) {
    this.kafka = kafka;
    this.store = store;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Sweeps. Reads scans and dead-letters completely, unless all objects are young.
   *
   * @param stop checked while topics are read; true ends the sweep
   * @throws IOException if the store does not answer, or belongs to other topics
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  public Swept run(BooleanSupplier stop) throws IOException {
    requireOwn();
    Instant now = clock.instant();
    Instant writtenBefore = now.minus(keep);
    int halfWritten = store.removeAbandoned(now.minus(ABANDONED_AFTER));
    // Listed before the topics are read, so that objects written later are not considered.
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

  /** Against other topics, every scan of their owner would look unreferenced. */
  private void requireOwn() throws IOException {
    String own = kafka.clusterId() + " " + kafka.topics().prefix();
    String owner = store.owner(own);
    if (!owner.equals(own)) {
      throw new IOException(
          "its object 'owner' names cluster and topic-prefix '%s', expected '%s'"
              .formatted(owner, own));
    }
  }

  /** The objects that may be removed. */
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
