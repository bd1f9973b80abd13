package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.Metrics;

class EpochPublisherTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final EpochResult RESULT =
      new EpochResult(3, 100, 0.7, 0.6, new Metrics(9, 0.5, 0.8, 0.9, 0.75, 0.85), 1e-4, 12.5);

  private final InMemoryKafka kafka = new InMemoryKafka();
  private final Topic<TrainingEpoch> topic = kafka.topics.trainingEpochs();
  private final EpochPublisher publisher =
      new EpochPublisher(kafka.producer, kafka::consumer, topic, "pneumonia", "run-1", () -> NOW);

  @Test
  void writesAnEpochUnderTheRunsId() {
    publisher.epoch(RESULT);

    ProducerRecord<String, byte[]> record = kafka.producer.history().get(0);
    assertThat(record.topic()).isEqualTo(topic.name());
    assertThat(record.key()).isEqualTo("run-1");
    assertThat(topic.value(record.value())).isEqualTo(value(3));
  }

  @Test
  void writesEpochsOfAResumedRunOnce() {
    publisher.epoch(epoch(1));
    kafka.append(topic.name(), 0, "another-run", topic.record("", value(2)).value());

    publisher.resumed(List.of(epoch(1), epoch(2)));

    assertThat(kafka.producer.history())
        .extracting(record -> topic.value(record.value()).getEpoch())
        .containsExactly(1, 2);
  }

  @Test
  void aTombstoneAmongARunsEpochsIsPassedOver() {
    kafka.append(topic.name(), 0, "run-1", null);

    publisher.resumed(List.of(epoch(1)));

    assertThat(kafka.producer.history()).hasSize(1);
  }

  private static EpochResult epoch(int number) {
    return new EpochResult(number, 100, 0.7, 0.6, RESULT.validation(), 1e-4, 12.5);
  }

  private static TrainingEpoch value(int number) {
    return TrainingEpoch.newBuilder()
        .setModelName("pneumonia")
        .setEpoch(number)
        .setEpochs(100)
        .setLoss(0.7)
        .setAccuracy(0.6)
        .setValidation(new ModelMetrics(9, 0.5, 0.8, 0.9, 0.75, 0.85))
        .setLearningRate(1e-4)
        .setSeconds(12.5)
        .setAt(NOW)
        .build();
  }

  @Test
  void failsIfTheBrokersRefuse() {
    kafka.goAway();

    assertThatThrownBy(() -> publisher.epoch(RESULT))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("no broker");
  }
}
