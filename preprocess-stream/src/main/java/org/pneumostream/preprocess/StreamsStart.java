package org.pneumostream.preprocess;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.GroupStart;
import org.pneumostream.runtime.GroupStart.Evidence;
import org.pneumostream.runtime.GroupStart.Range;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.PartitionOffsets;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits start offsets for partitions without a position, before Kafka Streams joins the group;
 * Streams itself never resets a position.
 *
 * <p>For scans: volumes and dead letters tell how far they were read. An empty changelog tells that
 * none was read; empty volumes do not, since others may write volumes, too. For volumes: the
 * changelog of their places and dead letters tell how far they were read. Labels are a table, which
 * is read again from its beginning; each labeled volume is then written once more.
 */
final class StreamsStart {
  private static final Logger log = LoggerFactory.getLogger(StreamsStart.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Number of the last volumes to read first, since each is megabytes. */
  private static final long FEW = 8;

  private final KafkaConnection kafka;
  private final Topics topics;
  private final String group;
  private final GroupStart start;

  StreamsStart(KafkaConnection kafka, String group, GroupStart start) {
    this.kafka = kafka;
    this.topics = kafka.topics();
    this.group = group;
    this.start = start;
  }

  /**
   * Reads, decides, and commits. A position before a partition's first record, since scans expired
   * unread, moves to that record; the caller has reported them.
   *
   * @throws org.pneumostream.runtime.LostPositionException if the outputs do not tell the position,
   *     and the settings say to stop
   */
  void commit() {
    try (Admin admin = kafka.admin();
        Consumer<String, byte[]> consumer = kafka.consumer(Map.of())) {
      Positions positions = positions(admin, consumer);
      if (positions.areKnown()) {
        return;
      }
      Map<TopicPartition, Long> starts = new HashMap<>(positions.expired());
      starts.putAll(starts(positions.lacking(), admin, consumer));
      Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
      starts.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
      try {
        KafkaAnswer.of(
            admin.alterConsumerGroupOffsets(group, commits).all(),
            "cannot commit the positions of group " + group);
      } catch (KafkaException e) {
        // Another instance was faster, and has joined the group since.
        if (!positions(admin, consumer).areKnown()) {
          throw e;
        }
      }
    }
  }

  /**
   * The partitions to decide on.
   *
   * @param lacking partitions without a position
   * @param expired first remaining record of partitions whose position is before it
   */
  private record Positions(Set<TopicPartition> lacking, Map<TopicPartition, Long> expired) {
    boolean areKnown() {
      return lacking.isEmpty() && expired.isEmpty();
    }
  }

  private Positions positions(Admin admin, Consumer<String, byte[]> consumer) {
    Set<TopicPartition> lacking =
        new HashSet<>(
            CommittedRecords.partitions(
                consumer,
                List.of(topics.scans().name(), topics.volumes().name(), topics.labels().name())));
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(lacking);
    Map<TopicPartition, Long> expired = new HashMap<>();
    PartitionOffsets.committed(group, admin)
        .forEach(
            (partition, offset) -> {
              if (lacking.remove(partition)) {
                long begin = Objects.requireNonNull(begins.get(partition));
                if (offset < begin) {
                  expired.put(partition, begin);
                }
              }
            });
    return new Positions(lacking, expired);
  }

  private Map<TopicPartition, Long> starts(
      Set<TopicPartition> without, Admin admin, Consumer<String, byte[]> consumer) {
    Map<TopicPartition, Range> ranges = GroupStart.ranges(without, consumer);
    Map<TopicPartition, Long> failed = new HashMap<>();
    final boolean haveLettersExpired = readLetters(consumer, failed);
    Set<String> changelogs = KafkaAnswer.of(admin.listTopics().names(), "cannot list topics");
    Map<TopicPartition, Long> places = places(changelogs, consumer);
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (Map.Entry<TopicPartition, Range> entry : ranges.entrySet()) {
      TopicPartition partition = entry.getKey();
      Range range = entry.getValue();
      if (partition.topic().equals(topics.labels().name())) {
        log.info("group {} reads the table {} from its beginning", group, partition);
        starts.put(partition, range.begin());
        continue;
      }
      boolean areScans = partition.topic().equals(topics.scans().name());
      OptionalLong passed =
          areScans ? lastScan(partition.partition(), consumer) : offset(places.get(partition));
      boolean hasOutput =
          areScans
              ? changelogs.contains(changelog(OncePerScan.STORE))
                  && CommittedRecords.end(
                          consumer,
                          new TopicPartition(changelog(OncePerScan.STORE), partition.partition()))
                      > 0
              : places.containsKey(partition);
      Map<TopicPartition, Long> answered = new HashMap<>();
      passed.ifPresent(offset -> answered.put(partition, offset));
      if (failed.containsKey(partition)) {
        answered.merge(partition, failed.get(partition), Math::max);
      }
      starts.putAll(
          start.of(
              Map.of(partition, range), new Evidence(answered, !hasOutput && !haveLettersExpired)));
    }
    return starts;
  }

  private static OptionalLong offset(@Nullable Long place) {
    return place == null || place < 0 ? OptionalLong.empty() : OptionalLong.of(place);
  }

  /**
   * @param failed receives the highest failed offset, by partition
   * @return whether letters have expired
   */
  private boolean readLetters(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> failed) {
    CommittedRecords letters = CommittedRecords.upToNow(consumer, topics.deadLetters().name());
    boolean haveExpired =
        consumer.beginningOffsets(consumer.assignment()).values().stream().anyMatch(o -> o > 0);
    letters.forEach(
        record -> {
          try {
            if (record.value() == null) {
              return;
            }
            DeadLetter letter = topics.deadLetters().value(record.value());
            if (Stage.PREPROCESS_STREAM.wrote(letter)) {
              failed.merge(
                  new TopicPartition(letter.getTopic(), letter.getPartition()),
                  letter.getOffset(),
                  Math::max);
            }
          } catch (SerializationException e) {
            log.warn("skipped an unreadable dead letter: {}", e.getMessage());
          }
        });
    return haveExpired;
  }

  /**
   * The highest stored place of a volume, by partition of volumes; -1 if the stored ones were
   * erased.
   */
  private Map<TopicPartition, Long> places(
      Set<String> changelogs, Consumer<String, byte[]> consumer) {
    String changelog = changelog(NotePlace.STORE);
    Map<TopicPartition, Long> places = new HashMap<>();
    if (changelogs.contains(changelog)) {
      CommittedRecords.upToNow(consumer, changelog)
          .forEach(
              record ->
                  places.merge(
                      new TopicPartition(topics.volumes().name(), record.partition()),
                      record.value() == null ? -1 : ByteBuffer.wrap(record.value()).getLong(),
                      Math::max));
    }
    return places;
  }

  /** Topic of one of the group's tables; it does not exist before the group has worked. */
  private String changelog(String store) {
    return group + "-" + store + "-changelog";
  }

  /** The scan of the latest volume, if volumes tell. */
  private OptionalLong lastScan(int number, Consumer<String, byte[]> consumer) {
    TopicPartition volumes = new TopicPartition(topics.volumes().name(), number);
    Range range =
        Objects.requireNonNull(GroupStart.ranges(List.of(volumes), consumer).get(volumes));
    long begin = range.begin();
    long end = range.end();
    OptionalLong last = OptionalLong.empty();
    long from = end;
    for (long few = FEW; last.isEmpty() && from > begin; few *= 2) {
      from = Math.max(begin, end - few);
      last = lastScan(volumes, from, end, consumer);
    }
    return last;
  }

  private static OptionalLong lastScan(
      TopicPartition volumes, long from, long end, Consumer<String, byte[]> consumer) {
    OptionalLong last = OptionalLong.empty();
    consumer.assign(List.of(volumes));
    consumer.seek(volumes, from);
    while (consumer.position(volumes) < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        OptionalLong scan =
            RecordPlace.read(RecordPlace.SCAN, record.headers()).stream()
                .filter(place -> place.partition() == volumes.partition())
                .mapToLong(RecordPlace::offset)
                .findFirst();
        if (scan.isPresent() && (last.isEmpty() || scan.getAsLong() > last.getAsLong())) {
          last = scan;
        }
      }
    }
    return last;
  }
}
