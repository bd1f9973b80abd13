package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;

@Timeout(60)
class VolumesTopicTest {
  private static final TopicPartition SECOND = new TopicPartition("volumes", 1);

  private final Topic<Volume> topic = InMemoryKafka.topics("").volumes();
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("none");
  private final VolumesTopic volumes = new VolumesTopic(topic, consumer, Duration.ofMillis(50));

  @Test
  void readsTheRecordAtTheOffset() {
    holds(4, 5, 6);

    assertThat(volumes.read(1, 5)).contains(volume(5));
  }

  @Test
  void isEmptyIfCompactionHasRemovedTheRecord() {
    holds(6, 7);

    assertThat(volumes.read(1, 5)).isEmpty();
  }

  @Test
  void isEmptyIfTheTopicNowBeginsLater() {
    consumer.schedulePollTask(
        () -> consumer.setPollException(new OffsetOutOfRangeException(Map.of(SECOND, 5L))));

    assertThat(volumes.read(1, 5)).isEmpty();
  }

  @Test
  void failsIfTheBrokersDoNotAnswerInTime() {
    assertThatThrownBy(() -> volumes.read(1, 5))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("volumes-1: no answer within 50 ms");

    holds(5);
    assertThat(volumes.read(1, 5)).contains(volume(5));
  }

  /** The records are there once the partition is assigned, as the mock wants it. */
  private void holds(int... offsets) {
    consumer.schedulePollTask(
        () -> {
          for (int offset : offsets) {
            consumer.addRecord(
                new ConsumerRecord<>(
                    "volumes", 1, offset, "a", topic.record("a", volume(offset)).value()));
          }
        });
  }

  private static Volume volume(int millis) {
    return SampleRecords.volume().setPreprocessMillis(millis).build();
  }
}
