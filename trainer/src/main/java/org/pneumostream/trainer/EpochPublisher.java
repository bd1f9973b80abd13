package org.pneumostream.trainer;

import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TrainingEpoch;

/** Writes each epoch of a run to the training-epochs topic as it ends. */
final class EpochPublisher implements TrainingListener {
  private final Producer<String, byte[]> producer;
  private final Topic<TrainingEpoch> topic;
  private final String model;
  private final String runId;
  private final InstantSource clock;

  EpochPublisher(
      Producer<String, byte[]> producer,
      Topic<TrainingEpoch> topic,
      String model,
      String runId,
      InstantSource clock) {
    this.producer = producer;
    this.topic = topic;
    this.model = model;
    this.runId = runId;
    this.clock = clock;
  }

  /**
   * Returns when the brokers have the epoch.
   *
   * @throws KafkaException if they do not take it
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
    try {
      producer.send(topic.record(runId, value)).get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          topic.name() + ": cannot write epoch " + result.epoch() + " of run " + runId,
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing to " + topic.name(), e);
    }
  }
}
