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
 * Erases a scan: removes its files from the scan store, then writes tombstones in one transaction
 * to every topic keyed by scan id. Stages with the scan in flight then see the tombstone after it
 * and discard their result.
 *
 * <p>An interrupted erasure can be repeated: until the tombstones are written, the records tell
 * what there is to remove. Kafka then {@linkplain ErasedBytes removes their bytes}. Thread-safe.
 */
public final class Erasure {
  private static final Logger log = LoggerFactory.getLogger(Erasure.class);

  private final KafkaConnection kafka;
  private final ScanStore store;
  private final String model;

  /**
   * @param store the store that the scans were pushed into
   * @param model name of the model whose versions may have seen the scan
   */
  public Erasure(KafkaConnection kafka, ScanStore store, String model) {
    this.kafka = kafka;
    this.store = store;
    this.model = model;
  }

  /**
   * Erases a scan. Reads all topics keyed by scan id, and takes that long.
   *
   * @return what was erased; empty if the scan id is unknown
   * @throws IllegalArgumentException if it is not a scan id
   * @throws IOException if a file cannot be removed, or is in another store; no tombstone is
   *     written then
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry is unavailable
   */
  public Optional<Erased> erase(String scanId) throws IOException {
    ScanId.require("scan id", scanId);
    ScanRecords records;
    try (Consumer<String, byte[]> consumer = kafka.consumer(CommittedRecords.FEW_VALUES)) {
      records = ScanRecords.read(kafka.topics(), scanId, consumer);
    }
    // Files go before the tombstones: after a crash in between, the records still refer to them.
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

  /**
   * The scan is erased already; if this fails, ingest starts compaction within {@code
   * erase-within}.
   */
  private void compact() {
    try {
      new ErasedBytes(kafka).compact();
    } catch (KafkaException e) {
      log.warn("could not start removing erased bytes, ingest will retry: {}", e.toString());
    }
  }

  private List<ModelVersion> versions() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, model)) {
      return catalogue.refresh().versions();
    }
  }

  /** For every topic, since a topic without a record may still get one that is in flight. */
  private List<ProducerRecord<String, byte[]>> tombstones(String scanId, ScanRecords records) {
    Topics topics = kafka.topics();
    String deadLetters = topics.deadLetters().name();
    List<ProducerRecord<String, byte[]>> tombstones = new ArrayList<>();
    for (Topic<?> topic : topics.keyedByScan()) {
      List<Integer> partitions = records.partitions(topic.name());
      if (partitions.isEmpty()) {
        tombstones.add(new ProducerRecord<>(topic.name(), scanId, null));
      }
      // Other clients may partition keys differently; a tombstone must follow what it ends.
      for (int partition : partitions) {
        tombstones.add(new ProducerRecord<>(topic.name(), partition, scanId, null));
      }
    }
    // Tells services that were down for longer than scans keeps tombstones.
    tombstones.stream()
        .filter(tombstone -> tombstone.topic().equals(deadLetters))
        .forEach(tombstone -> records.lastOnScans().write(RecordPlace.SCAN, tombstone.headers()));
    return tombstones;
  }

  private void write(List<ProducerRecord<String, byte[]>> tombstones) {
    // A random transactional id, since erasures of several processes need not fence each other.
    String id = kafka.topics().scans().name() + ".erasure." + UUID.randomUUID();
    String deadLetters = kafka.topics().deadLetters().name();
    Predicate<ProducerRecord<?, ?>> isOnDeadLetters =
        tombstone -> tombstone.topic().equals(deadLetters);
    try (Producer<String, byte[]> producer =
        kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id))) {
      producer.initTransactions();
      producer.beginTransaction();
      // A failed send fails the commit; closing a producer before the commit aborts. A retry of a
      // dead letter looks for this tombstone after it has written its record, so this one must be
      // written before the others.
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
