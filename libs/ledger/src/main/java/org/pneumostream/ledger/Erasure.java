package org.pneumostream.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.ScanId;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a scan from everything that is kept of it: its files from the scan store, then, by
 * tombstones in one transaction, its records from every topic that is keyed by scan id. Whoever
 * still works on the scan then sees the tombstone behind it and withdraws what was made of it.
 *
 * <p>An erasure that ends half way can be repeated: as long as the tombstones are not written, the
 * records tell what there is to remove. Kafka then {@linkplain ErasedBytes removes their bytes}.
 * Thread-safe.
 */
public final class Erasure {
  private static final Logger log = LoggerFactory.getLogger(Erasure.class);

  private final KafkaConnection kafka;
  private final ScanStore store;
  private final String model;

  /**
   * @param store the one that the scans were pushed into
   * @param model name of the model whose versions may have seen the scan
   */
  public Erasure(KafkaConnection kafka, ScanStore store, String model) {
    this.kafka = kafka;
    this.store = store;
    this.model = model;
  }

  /**
   * Erases a scan. Takes as long as reading all topics keyed by scan id.
   *
   * @return what was done; empty if nothing of that id is known
   * @throws IllegalArgumentException if it is no scan id
   * @throws IOException if a file cannot be removed, or lies in another store; no tombstone is
   *     written then
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry is away
   */
  public Optional<Erased> erase(String scanId) throws IOException {
    ScanId.require("scan id", scanId);
    ScanRecords records;
    try (Consumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES)) {
      records = ScanRecords.read(kafka.topics(), scanId, consumer);
    }
    // Before the tombstones: a crash in between leaves the records that lead here again.
    int files = store.remove(scanId, records.references());
    List<String> held = records.topics();
    if (held.isEmpty() && files == 0) {
      return Optional.empty();
    }
    List<String> seenBy = new ArrayList<>();
    List<String> maybeSeenBy = new ArrayList<>();
    for (ModelVersion version : versions()) {
      if (records.isInSnapshotOf(version)) {
        seenBy.add(version.getVersion());
      } else if (records.isOlderThan(version)) {
        maybeSeenBy.add(version.getVersion());
      }
    }
    write(tombstones(scanId, records));
    compact();
    return Optional.of(new Erased(scanId, held, files, seenBy, maybeSeenBy));
  }

  /** The scan is erased by now: whatever fails here, ingest does within the time for it. */
  private void compact() {
    try {
      new ErasedBytes(kafka).compact();
    } catch (KafkaException e) {
      log.warn("the removal of erased bytes has not begun yet: {}", e.toString());
    }
  }

  private List<ModelVersion> versions() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, model)) {
      return catalogue.refresh().versions();
    }
  }

  /** For every topic, since what holds no record yet may get one that is under way. */
  private List<ProducerRecord<String, byte[]>> tombstones(String scanId, ScanRecords records) {
    Topics topics = kafka.topics();
    String deadLetters = topics.deadLetters().name();
    List<ProducerRecord<String, byte[]>> tombstones = new ArrayList<>();
    for (Topic<?> topic : topics.keyedByScan()) {
      List<Integer> partitions = records.partitions(topic.name());
      if (partitions.isEmpty()) {
        tombstones.add(new ProducerRecord<>(topic.name(), scanId, null));
      }
      // Other clients may spread keys otherwise; a tombstone belongs behind what it ends.
      for (int partition : partitions) {
        tombstones.add(new ProducerRecord<>(topic.name(), partition, scanId, null));
      }
    }
    // Tells a service that was away, and finds no tombstone on scans any more, what was erased.
    tombstones.stream()
        .filter(tombstone -> tombstone.topic().equals(deadLetters))
        .forEach(tombstone -> records.lastOnScans().write(RecordPlace.SCAN, tombstone.headers()));
    return tombstones;
  }

  private void write(List<ProducerRecord<String, byte[]>> tombstones) {
    // Erasures of several processes need not fence one another: the id is of this one alone.
    String id = kafka.topics().scans().name() + ".erasure." + UUID.randomUUID();
    String deadLetters = kafka.topics().deadLetters().name();
    Predicate<ProducerRecord<?, ?>> isOnDeadLetters =
        tombstone -> tombstone.topic().equals(deadLetters);
    try (Producer<String, byte[]> producer =
        kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      producer.initTransactions();
      producer.beginTransaction();
      // A send that fails fails the commit; a producer closed before the commit aborts.
      // Whoever retries a dead letter looks for the tombstone there once its record is written: it
      // must lie there before the others are sent.
      send(tombstones, isOnDeadLetters, producer);
      producer.flush();
      send(tombstones, isOnDeadLetters.negate(), producer);
      producer.commitTransaction();
    }
  }

  private static void send(
      List<ProducerRecord<String, byte[]>> tombstones,
      Predicate<ProducerRecord<?, ?>> which,
      Producer<String, byte[]> producer) {
    tombstones.stream().filter(which).forEach(producer::send);
  }
}
