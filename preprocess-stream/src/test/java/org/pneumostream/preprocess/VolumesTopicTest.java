package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.ScanGeometry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeShape;

@Timeout(60)
class VolumesTopicTest {
  private static final TopicPartition SECOND = new TopicPartition("volumes", 1);

  private final Topic<Volume> topic =
      new Topics(new TopicSettings("", 2, (short) 1, 16 << 20), Registry.inMemory()).volumes();
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
    return Volume.newBuilder()
        .setShape(new VolumeShape(1, 1, 1))
        .setVoxels(ByteBuffer.wrap(new byte[2]))
        .setPreprocessingVersion(1)
        .setOrientationPolicy("canonical")
        .setGeometry(
            new ScanGeometry("NIFTI1", List.of(1, 1, 1), List.of(1.0, 1.0, 1.0), "RAS", "int16"))
        .setReceivedAt(TopologyFixture.RECEIVED)
        .setPreprocessedAt(TopologyFixture.NOW)
        .setPreprocessMillis(millis)
        .build();
  }
}
