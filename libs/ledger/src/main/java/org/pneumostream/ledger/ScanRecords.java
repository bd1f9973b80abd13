package org.pneumostream.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * The records of one scan on the topics. Kafka has no index by key, so this reads the topics from
 * their beginnings to their current ends. It keeps nothing of other scans.
 */
final class ScanRecords {
  /**
   * A record of the scan without a later tombstone.
   *
   * @param reference to the scan's bytes, or null
   * @param receivedAt time when the scan arrived, in labeled-volumes; else null
   */
  private record LiveRecord(
      TopicPartition partition,
      long offset,
      @Nullable Reference reference,
      @Nullable Instant receivedAt) {}

  private final Topics topics;
  private final String scanId;

  /** By every partition that holds, or held, a record of the scan. */
  private final Map<TopicPartition, List<LiveRecord>> live = new HashMap<>();

  private final RecordPlace lastOnScans;

  private ScanRecords(Topics topics, String scanId, Consumer<String, byte[]> consumer) {
    this.topics = topics;
    this.scanId = scanId;
    CommittedRecords.upToNow(consumer, topics.keyedByScan().stream().map(Topic::name).toList())
        .forEach(this::take);
    this.lastOnScans = lastOnScans(consumer);
  }

  /**
   * Reads the topics.
   *
   * @param consumer a read-committed consumer without assigned topics
   */
  static ScanRecords read(Topics topics, String scanId, Consumer<String, byte[]> consumer) {
    return new ScanRecords(topics, scanId, consumer);
  }

  /** An expired scan was in the partition of its key. */
  private RecordPlace lastOnScans(Consumer<String, byte[]> consumer) {
    String name = topics.scans().name();
    int count = consumer.partitionsFor(name).size();
    byte[] key = scanId.getBytes(StandardCharsets.UTF_8);
    int partition =
        partitions(name).stream()
            .findFirst()
            .orElseGet(() -> BuiltInPartitioner.partitionForKey(key, count));
    TopicPartition scans = new TopicPartition(name, partition);
    return new RecordPlace(partition, CommittedRecords.end(consumer, scans) - 1);
  }

  /** The last place on the scans topic where the scan may be. */
  RecordPlace lastOnScans() {
    return lastOnScans;
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (!scanId.equals(record.key())) {
      return;
    }
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    List<LiveRecord> here = live.computeIfAbsent(partition, any -> new ArrayList<>());
    if (record.value() == null) {
      here.clear();
    } else {
      here.add(live(partition, record));
    }
  }

  private LiveRecord live(TopicPartition partition, ConsumerRecord<String, byte[]> record) {
    Reference reference = null;
    Instant receivedAt = null;
    try {
      if (record.topic().equals(topics.scans().name())) {
        Scan scan = topics.scans().value(record.value());
        reference = scan.getReference();
      } else if (record.topic().equals(topics.deadLetters().name())) {
        DeadLetter letter = topics.deadLetters().value(record.value());
        reference = letter.getReference();
      } else if (record.topic().equals(topics.labeledVolumes().name())) {
        LabeledVolume labeled = topics.labeledVolumes().value(record.value());
        receivedAt = labeled.getVolume().getReceivedAt();
      }
    } catch (SerializationException e) {
      // Whatever it is, it has no reference; it is erased like the others.
    }
    return new LiveRecord(partition, record.offset(), reference, receivedAt);
  }

  /** Full names of the topics that hold the scan. */
  List<String> topics() {
    return topics.keyedByScan().stream()
        .map(Topic::name)
        .filter(name -> all().anyMatch(record -> record.partition().topic().equals(name)))
        .toList();
  }

  /** The partitions of a topic that hold, or held, the scan. */
  List<Integer> partitions(String topic) {
    return live.keySet().stream()
        .filter(partition -> partition.topic().equals(topic))
        .map(TopicPartition::partition)
        .toList();
  }

  /** References in its records. */
  List<Reference> references() {
    return all().map(LiveRecord::reference).filter(Objects::nonNull).distinct().toList();
  }

  /** Whether the version's training snapshot contained the scan with its current label. */
  boolean isInSnapshotOf(ModelVersion version) {
    return labeled()
        .anyMatch(
            record ->
                Optional.ofNullable(version.getLineage())
                    .map(
                        lineage ->
                            lineage
                                .getSnapshot()
                                .get(Integer.toString(record.partition().partition())))
                    .filter(end -> record.offset() < end)
                    .isPresent());
  }

  /** Whether the version was trained after the scan arrived, and the scan is labeled. */
  boolean isOlderThan(ModelVersion version) {
    return version.getLineage() != null
        && labeled().anyMatch(record -> !version.getCreatedAt().isBefore(record.receivedAt()));
  }

  private Stream<LiveRecord> labeled() {
    return all().filter(record -> record.receivedAt() != null);
  }

  private Stream<LiveRecord> all() {
    return live.values().stream().flatMap(List::stream);
  }
}
