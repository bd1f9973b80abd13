package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.support.InMemoryKafka;

class NewLabelsTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final byte[] LABELED = {1};

  private final InMemoryKafka kafka = new InMemoryKafka();
  private final String topic = kafka.topics.labels().name();
  private final List<ConsumerRecord<String, byte[]>> erased = new ArrayList<>();

  @Test
  void areCountedByScanSinceTheLabelsThatTheLastRunUsed() {
    label(0, "a");
    label(1, "b");
    event("pneumonia", ModelEventType.TRAINED, Map.of("0", 1L, "1", 0L));
    event("pneumonia", ModelEventType.PROMOTED, null);
    event("another", ModelEventType.TRAINED, Map.of("0", 9L, "1", 9L));
    try (NewLabels newLabels = newLabels()) {
      assertThat(newLabels.lastRun()).contains(NOW);
      assertThat(count(newLabels)).isEqualTo(1);
      label(0, "a");
      label(0, "a");
      label(1, "c");
      assertThat(count(newLabels)).isEqualTo(3);
      label(1, null, "c");
      assertThat(count(newLabels)).isEqualTo(2);
      assertThat(erased).extracting(ConsumerRecord::offset).containsExactly(2L);
    }
  }

  @Test
  void labelsUsedByAnotherProcessDoNotCount() {
    try (NewLabels newLabels = newLabels()) {
      assertThat(newLabels.lastRun()).isEmpty();
      label(0, "a");
      label(0, "b");
      label(1, "c");
      label(1, "d");
      assertThat(count(newLabels)).isEqualTo(4);
      label(0, "b");

      event("pneumonia", ModelEventType.REFUSED, Map.of("0", 2L, "1", 1L));

      assertThat(newLabels.countUpToNow()).isEqualTo(2);
      assertThat(newLabels.lastRun()).contains(NOW);
      event("pneumonia", ModelEventType.TRAINED, Map.of("0", 9L, "1", 9L));
      label(1, "e");
      assertThat(newLabels.countUpToNow()).isZero();
    }
  }

  @Test
  void skipsAnUnreadableEvent() {
    kafka.append(kafka.topics.modelEvents().name(), 0, "pneumonia", new byte[] {1, 2, 3});
    label(0, "a");
    try (NewLabels newLabels = newLabels()) {
      assertThat(count(newLabels)).isEqualTo(1);
    }
  }

  private NewLabels newLabels() {
    return new NewLabels(kafka.consumer(), kafka.topics, "pneumonia", erased::add);
  }

  private static int count(NewLabels newLabels) {
    return newLabels.count(Duration.ZERO);
  }

  private void label(int partition, String scanId) {
    label(partition, LABELED, scanId);
  }

  private void label(int partition, byte[] value, String scanId) {
    kafka.append(topic, partition, scanId, value);
  }

  private void event(String model, ModelEventType type, Map<String, Long> used) {
    ModelEvent event =
        ModelEvent.newBuilder()
            .setType(type)
            .setReason("run run-1")
            .setSnapshot(used == null ? null : Map.of("0", 100L))
            .setLabels(used)
            .setAt(NOW)
            .build();
    byte[] value = kafka.topics.modelEvents().record(model, event).value();
    kafka.append(kafka.topics.modelEvents().name(), 0, model, value);
  }
}
