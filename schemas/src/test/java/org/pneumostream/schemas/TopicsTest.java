package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
  private static final TopicSettings SETTINGS =
      new TopicSettings("pneumostream.", 4, (short) -1, 16 << 20);

  private final Topics topics = new Topics(SETTINGS, Registry.inMemory());

  @ParameterizedTest
  @CsvSource({
    "scans, 4, delete, 7",
    "volumes, 4, compact,",
    "labels, 4, compact,",
    "labeled-volumes, 4, compact,",
    "models, 1, compact,",
    "model-events, 1, delete, -1",
    "training-epochs, 1, delete, 90",
    "predictions, 4, delete, 90",
    "alerts, 4, delete, 90",
    "dead-letters, 1, delete, 90"
  })
  void retentionOfEachTopicMatchesTheDesign(
      String name, int partitions, String policy, Integer days) {
    Topic<?> topic =
        topics.all().stream()
            .filter(candidate -> candidate.name().equals("pneumostream." + name))
            .findFirst()
            .orElseThrow();

    assertThat(topic.partitions()).isEqualTo(partitions);
    assertThat(topic.settings())
        .containsEntry("cleanup.policy", policy)
        .containsEntry("max.message.bytes", Integer.toString(16 << 20));
    assertThat(topic.settings().get("retention.ms"))
        .isEqualTo(days == null ? null : days < 0 ? "-1" : "" + Duration.ofDays(days).toMillis());
  }

  @Test
  void thereAreTenTopics() {
    assertThat(topics.all()).hasSize(10);
  }

  @Test
  void voxelsAndWeightsAreCompressedWithZstd() {
    assertThat(topics.all())
        .filteredOn(topic -> "zstd".equals(topic.settings().get("compression.type")))
        .containsExactlyInAnyOrder(topics.volumes(), topics.labeledVolumes(), topics.models());
  }

  @Test
  void aRunResumedAfterAWeekStillSeesErasuresOfLabeledVolumes() {
    assertThat(topics.labeledVolumes().settings())
        .containsEntry("delete.retention.ms", Long.toString(Duration.ofDays(8).toMillis()));
  }

  @ParameterizedTest
  @CsvSource({
    "a b, 1, 1, 16777216, topic-prefix: 'a b'",
    "x, 0, 1, 16777216, partitions: 0",
    "x, 1001, 1, 16777216, partitions: 1001",
    "x, 1, 0, 16777216, replication: 0",
    "x, 1, 1, 1000, max record bytes: 1000"
  })
  void refusesSettingsThatKafkaWouldRefuseLater(
      String prefix, int partitions, short replication, int maxBytes, String message) {
    assertThatThrownBy(() -> new TopicSettings(prefix, partitions, replication, maxBytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
