package org.pneumostream.scorer;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.GroupStart;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Topics;

/**
 * Determines from predictions and dead letters which volumes a model's scorers have answered. This
 * gives the start position if Kafka has removed the group's offsets.
 */
final class AnsweredVolumes {
  private final Topics topics;
  private final String model;
  private final GroupStart start;
  private final Supplier<Consumer<String, byte[]>> consumers;

  /**
   * @param consumers creates read-committed consumers without assigned topics
   */
  AnsweredVolumes(
      Topics topics, String model, GroupStart start, Supplier<Consumer<String, byte[]>> consumers) {
    this.topics = topics;
    this.model = model;
    this.start = start;
    this.consumers = consumers;
  }

  /**
   * Start offsets for partitions of volumes without a committed offset.
   *
   * @throws org.pneumostream.runtime.LostPositionException if the outputs do not tell the position,
   *     and the settings say to stop
   */
  Map<TopicPartition, Long> starts(Collection<TopicPartition> without) {
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      return start.of(GroupStart.ranges(without, consumer), evidence(consumer));
    }
  }

  private GroupStart.Evidence evidence(Consumer<String, byte[]> consumer) {
    List<String> outputs = List.of(topics.predictions().name(), topics.deadLetters().name());
    Map<TopicPartition, Long> answered = new HashMap<>();
    CommittedRecords records = CommittedRecords.upToNow(consumer, outputs);
    boolean isComplete =
        consumer.beginningOffsets(consumer.assignment()).values().stream().allMatch(o -> o == 0);
    records.forEach(record -> take(record, answered));
    return new GroupStart.Evidence(answered, isComplete);
  }

  private void take(ConsumerRecord<String, byte[]> record, Map<TopicPartition, Long> answered) {
    if (record.value() == null) {
      return;
    }
    try {
      if (record.topic().equals(topics.predictions().name())) {
        Prediction prediction = topics.predictions().value(record.value());
        if (model.equals(prediction.getModelName())) {
          RecordPlace.read(RecordPlace.VOLUME, record.headers())
              .ifPresent(volume -> note(volume.partition(), volume.offset(), answered));
        }
      } else {
        DeadLetter letter = topics.deadLetters().value(record.value());
        if (model.equals(letter.getModel()) && letter.getTopic().equals(topics.volumes().name())) {
          note(letter.getPartition(), letter.getOffset(), answered);
        }
      }
    } catch (SerializationException e) {
      // Written by another producer, and not by a scorer.
    }
  }

  private void note(int partition, long offset, Map<TopicPartition, Long> answered) {
    answered.merge(new TopicPartition(topics.volumes().name(), partition), offset, Math::max);
  }
}
