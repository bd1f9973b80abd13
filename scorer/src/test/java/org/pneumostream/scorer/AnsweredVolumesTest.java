package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.runtime.GroupStart;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.LostPositionException;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.SampleRecords;

/** Finding answered volumes from the topics. */
class AnsweredVolumesTest {
  private static final Node NODE = new Node(0, "unused", 1);
  private final Topics topics = new ScorerFixture().topics;
  private final TopicPartition predictions = new TopicPartition(topics.predictions().name(), 0);
  private final TopicPartition letters = new TopicPartition(topics.deadLetters().name(), 0);
  private final TopicPartition first = new TopicPartition(topics.volumes().name(), 0);
  private final TopicPartition second = new TopicPartition(topics.volumes().name(), 1);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  @BeforeEach
  void fill() {
    for (TopicPartition partition : List.of(predictions, letters)) {
      consumer.updatePartitions(
          partition.topic(),
          List.of(new PartitionInfo(partition.topic(), 0, NODE, new Node[] {NODE}, null)));
      ends.put(partition, 0L);
    }
    ends.put(first, 40L);
    ends.put(second, 40L);
    ends.keySet().forEach(partition -> consumer.updateBeginningOffsets(Map.of(partition, 0L)));
    consumer.updateEndOffsets(ends);
  }

  @Test
  void aGroupThatNeverAnsweredStartsAtTheBeginning() {
    assertThat(starts()).isEqualTo(Map.of(first, 0L, second, 0L));
  }

  @Test
  void aGroupResumesAfterItsLastAnswerInEachPartition() {
    predicted("pneumonia", 0, 30);
    predicted("pneumonia", 0, 12);
    predicted("pneumonia", 1, 7);
    failed("pneumonia", topics.volumes().name(), 1, 9);
    failed("pneumonia", topics.scans().name(), 1, 35);

    assertThat(starts()).isEqualTo(Map.of(first, 31L, second, 10L));
  }

  @Test
  void ignoresAnswersOfAnotherModel() {
    predicted("tuberculosis", 0, 30);
    failed("tuberculosis", topics.volumes().name(), 1, 9);
    failed(null, topics.volumes().name(), 1, 9);

    assertThat(starts()).isEqualTo(Map.of(first, 0L, second, 0L));
  }

  @Test
  void skipsTombstonesAndMalformedBytes() {
    write(predictions, null);
    write(predictions, new byte[] {1, 2, 3});
    write(letters, new byte[] {1, 2, 3});
    predicted("pneumonia", 0, 30);

    assertThat(starts()).containsEntry(first, 31L);
  }

  @Test
  void stopsIfAllAnswersHaveExpired() {
    ends.put(predictions, 5L);
    consumer.updateBeginningOffsets(Map.of(predictions, 5L));
    predicted("pneumonia", 0, 30);

    assertThatThrownBy(this::starts)
        .isInstanceOf(LostPositionException.class)
        .hasMessageContaining("lost its position in volumes-1");
  }

  private Map<TopicPartition, Long> starts() {
    return new AnsweredVolumes(
            topics, "pneumonia", new GroupStart("scorers", LostPosition.STOP), () -> consumer)
        .starts(Set.of(first, second));
  }

  private void predicted(String model, int partition, long offset) {
    Prediction prediction = SampleRecords.prediction().setModelName(model).build();
    RecordHeaders headers = new RecordHeaders();
    new RecordPlace(partition, offset).write(RecordPlace.VOLUME, headers);
    write(predictions, topics.predictions().record("a", prediction).value(), headers);
  }

  private void failed(String model, String topic, int partition, long offset) {
    DeadLetter letter =
        SampleRecords.deadLetter()
            .setTopic(topic)
            .setPartition(partition)
            .setOffset(offset)
            .setModel(model)
            .build();
    write(letters, topics.deadLetters().record("a", letter).value());
  }

  private void write(TopicPartition partition, byte[] value) {
    write(partition, value, new RecordHeaders());
  }

  private void write(TopicPartition partition, byte[] value, Headers headers) {
    long offset = ends.merge(partition, 1L, Long::sum) - 1;
    consumer.updateEndOffsets(ends);
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(
                    partition.topic(),
                    0,
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    ConsumerRecord.NULL_SIZE,
                    ConsumerRecord.NULL_SIZE,
                    "a",
                    value,
                    headers,
                    Optional.empty())));
  }
}
