package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pneumostream.support.InMemoryKafka;

class JoinedLabelsTest {
  private static final byte[] VALUE = {1};

  private final InMemoryKafka kafka = new InMemoryKafka();
  private final String scans = kafka.topics.scans().name();
  private final String volumes = kafka.topics.volumes().name();
  private final String labels = kafka.topics.labels().name();

  @Test
  void areCompleteWhereThereIsNothingToJoin() {
    try (JoinedLabels joined = now()) {
      assertThat(joined.isComplete()).isTrue();
      assertThat(joined.offsets()).isEqualTo(Map.of(0, 0L, 1, 0L));
    }
  }

  @Test
  void areCompleteOnceTheirScansBecameVolumesAndTheseWereJoined() {
    append(scans, "a");
    append(labels, "a");
    try (JoinedLabels joined = now()) {
      assertThat(joined.offsets()).isEqualTo(Map.of(0, 1L, 1, 0L));
      assertThat(joined.isComplete()).isFalse();

      read(labels, 1);
      assertThat(joined.isComplete()).as("the scan is in flight").isFalse();

      append(volumes, "a");
      read(scans, 1);
      assertThat(joined.isComplete()).as("the volume is in flight").isFalse();

      read(volumes, 1);
      assertThat(joined.isComplete()).isTrue();
    }
  }

  @Test
  void doNotWaitForScansAndLabelsOfALaterMoment() {
    append(scans, "a");
    append(labels, "a");
    try (JoinedLabels joined = now()) {
      append(volumes, "a");
      append(scans, "b");
      append(labels, "b");
      read(scans, 1);
      read(labels, 1);
      read(volumes, 1);

      assertThat(joined.isComplete()).isTrue();
      assertThat(joined.offsets()).isEqualTo(Map.of(0, 1L, 1, 0L));
    }
  }

  @Test
  void aLabelThatNoScanWasPushedForIsNotWaitedFor() {
    append(labels, "a");
    try (JoinedLabels joined = now()) {
      read(labels, 1);

      assertThat(joined.isComplete()).isTrue();
    }
  }

  private JoinedLabels now() {
    return new JoinedLabels(kafka.consumer(), kafka.topics);
  }

  private void append(String topic, String scanId) {
    kafka.append(topic, 0, scanId, VALUE);
  }

  /** As preprocess-stream commits its position. */
  private void read(String topic, long position) {
    kafka.commit(topic, 0, position);
  }
}
