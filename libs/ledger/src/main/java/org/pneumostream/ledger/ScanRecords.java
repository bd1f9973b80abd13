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
 * What the topics hold of one scan. Kafka finds no record by its key, so that the topics are read
 * through, from their beginnings to where they end now; of other scans nothing is kept.
 */
final class ScanRecords {
  /**
   * A record of the scan that no tombstone follows.
   *
   * @param reference where the scan's bytes lie, or null
   * @param receivedAt in labeled-volumes, when the scan came; else null
   */
  private record LiveRecord(
      TopicPartition partition,
      long offset,
      @Nullable Reference reference,
      @Nullable Instant receivedAt) {}

  private final Topics topics;
  private final String scanId;

  /** By every partition that has, or had, a record of the scan. */
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
   * @param consumer a consumer of committed records, with no topic assigned
   */
  static ScanRecords read(Topics topics, String scanId, Consumer<String, byte[]> consumer) {
    return new ScanRecords(topics, scanId, consumer);
  }

  /** A scan that has expired lay where its key is spread to. */
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

  /** The last place of the scans topic at which the scan may lie. */
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
      // Whatever it is, it refers to nothing; it is erased like the rest.
    }
    return new LiveRecord(partition, record.offset(), reference, receivedAt);
  }

  /** Full names of the topics that hold it. */
  List<String> topics() {
    return topics.keyedByScan().stream()
        .map(Topic::name)
        .filter(name -> all().anyMatch(record -> record.partition().topic().equals(name)))
        .toList();
  }

  /** The partitions of a topic that hold it, or held it. */
  List<Integer> partitions(String topic) {
    return live.keySet().stream()
        .filter(partition -> partition.topic().equals(topic))
        .map(TopicPartition::partition)
        .toList();
  }

  /** Where its bytes lie, as far as records say. */
  List<Reference> references() {
    return all().map(LiveRecord::reference).filter(Objects::nonNull).distinct().toList();
  }

  /** Whether the version's training snapshot held it as it is labeled now. */
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

  /** Whether the version was trained here after the scan had come, and the scan is labeled. */
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
