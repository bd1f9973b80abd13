package org.pneumostream.trainer;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.TrainingListener;

/** Writes each epoch of a run to the training-epochs topic when it ends, exactly once. */
final class EpochPublisher implements TrainingListener {
  private final Producer<String, byte[]> producer;
  private final Supplier<Consumer<String, byte[]>> consumers;
  private final Topic<TrainingEpoch> topic;
  private final String model;
  private final String runId;
  private final InstantSource clock;

  /**
   * @param consumers creates read-committed consumers without assigned topics
   */
  EpochPublisher(
      Producer<String, byte[]> producer,
      Supplier<Consumer<String, byte[]>> consumers,
      Topic<TrainingEpoch> topic,
      String model,
      String runId,
      InstantSource clock) {
    this.producer = producer;
    this.consumers = consumers;
    this.topic = topic;
    this.model = model;
    this.runId = runId;
    this.clock = clock;
  }

  /** Writes the epochs that the topic lacks. */
  @Override
  public void resumed(List<EpochResult> epochs) {
    if (!epochs.isEmpty()) {
      Set<Integer> written = written();
      epochs.stream().filter(result -> !written.contains(result.epoch())).forEach(this::epoch);
    }
  }

  private Set<Integer> written() {
    Set<Integer> written = new HashSet<>();
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      CommittedRecords.upToNow(consumer, topic.name())
          .forEach(
              record -> {
                if (runId.equals(record.key()) && record.value() != null) {
                  written.add(topic.value(record.value()).getEpoch());
                }
              });
    }
    return written;
  }

  /**
   * Returns when the brokers have the epoch.
   *
   * @throws KafkaException if they do not accept it
   */
  @Override
  public void epoch(EpochResult result) {
    TrainingEpoch value =
        TrainingEpoch.newBuilder()
            .setModelName(model)
            .setEpoch(result.epoch())
            .setEpochs(result.epochs())
            .setLoss(result.loss())
            .setAccuracy(result.accuracy())
            .setValidation(result.validation().toRecord())
            .setLearningRate(result.learningRate())
            .setSeconds(result.seconds())
            .setAt(clock.instant())
            .build();
    KafkaAnswer.of(
        producer.send(topic.record(runId, value)),
        "%s: cannot write epoch %d of run %s".formatted(topic.name(), result.epoch(), runId));
  }
}
