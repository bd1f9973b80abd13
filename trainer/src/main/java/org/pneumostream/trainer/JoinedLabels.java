package org.pneumostream.trainer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Topics;

/**
 * The labels of one moment, and whether preprocess-stream has joined each with its volume by now. A
 * scan is published before its label. So all are joined once the group's positions have passed the
 * scans and labels of that moment, and after that the volumes that came of those scans. For one
 * thread, but for {@link #wakeUp}.
 */
final class JoinedLabels implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer<String, byte[]> group;
  private final Topics topics;
  private final Map<TopicPartition, Long> labels;
  private final Map<TopicPartition, Long> scans;
  private Optional<Map<TopicPartition, Long>> volumes = Optional.empty();

  /**
   * Notes the moment.
   *
   * @param group a consumer with the group id of preprocess-stream, whose positions it asks for; it
   *     neither joins the group nor commits; closed with this object
   */
  JoinedLabels(Consumer<String, byte[]> group, Topics topics) {
    this.group = group;
    this.topics = topics;
    this.labels = ends(topics.labels().name());
    this.scans = ends(topics.scans().name());
  }

  /** Notes the present moment. */
  static JoinedLabels now(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    Map<String, Object> settings = new HashMap<>(CommittedRecords.FEW_VALUES);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, topics.preprocessGroup());
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return new JoinedLabels(kafka.consumer(settings), topics);
  }

  /** The offset of each partition of labels at that moment, by partition number. */
  Map<Integer, Long> offsets() {
    Map<Integer, Long> byNumber = new HashMap<>();
    labels.forEach((partition, end) -> byNumber.put(partition.partition(), end));
    return byNumber;
  }

  /** Whether all are joined whose scans there are. */
  boolean isComplete() {
    if (volumes.isEmpty() && hasPassed(scans)) {
      volumes = Optional.of(ends(topics.volumes().name()));
    }
    return volumes.isPresent() && hasPassed(volumes.get()) && hasPassed(labels);
  }

  /** Ends a wait in another thread with {@link org.apache.kafka.common.errors.WakeupException}. */
  void wakeUp() {
    group.wakeup();
  }

  @Override
  public void close() {
    group.close();
  }

  private Map<TopicPartition, Long> ends(String topic) {
    return group.endOffsets(CommittedRecords.partitions(group, List.of(topic)));
  }

  private boolean hasPassed(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndMetadata> positions = group.committed(ends.keySet());
    Map<TopicPartition, Long> begins = group.beginningOffsets(ends.keySet());
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              TopicPartition partition = end.getKey();
              OffsetAndMetadata position = positions.get(partition);
              long begin = begins.getOrDefault(partition, 0L);
              long from = position == null ? begin : Math.max(begin, position.offset());
              return from >= end.getValue() || hasNoRecord(partition, from, end.getValue());
            });
  }

  /** Between two offsets there may be ends of transactions, and what compaction has left empty. */
  private boolean hasNoRecord(TopicPartition partition, long from, long end) {
    group.assign(List.of(partition));
    group.seek(partition, from);
    for (ConsumerRecord<String, byte[]> record : group.poll(POLL)) {
      return record.offset() >= end;
    }
    return group.position(partition) >= end;
  }
}
