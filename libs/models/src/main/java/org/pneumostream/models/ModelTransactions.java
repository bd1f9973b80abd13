package org.pneumostream.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serializes changes to one model across all processes. Each change is a transaction under the
 * model's transactional id, which fences any other process that was about to change the model. The
 * change is decided only after that, from the current content of the topics. A fenced process
 * decides again, with the other's change in view.
 */
public final class ModelTransactions {
  private static final Logger log = LoggerFactory.getLogger(ModelTransactions.class);
  private static final int ATTEMPTS = 10;
  // Random, so that two processes stop fencing each other in turn.
  private static final int MAX_PAUSE_MS = 1000;

  private final Topics topics;
  private final String model;
  private final Supplier<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> consumers;

  /**
   * @param producers creates producers with the model's transactional id
   * @param consumers creates read-committed consumers without assigned topics
   */
  public ModelTransactions(
      Topics topics,
      String model,
      Supplier<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> consumers) {
    this.topics = topics;
    this.model = model;
    this.producers = producers;
    this.consumers = consumers;
  }

  public static ModelTransactions over(KafkaConnection kafka, String model) {
    String transactionalId = kafka.topics().models().name() + "." + model;
    return new ModelTransactions(
        kafka.topics(),
        model,
        () -> kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId)),
        () -> kafka.consumer(Map.of()));
  }

  /** The records of a change, and the result for the caller. */
  public record Change<R>(R result, List<ProducerRecord<String, byte[]>> records) {}

  public Topics topics() {
    return topics;
  }

  public String model() {
    return model;
  }

  /** The current content of the models topic. */
  public ModelCatalogue catalogue() {
    return new ModelCatalogue(topics.models(), model, consumers.get()).refresh();
  }

  /**
   * Decides on a change and writes it atomically.
   *
   * @param decide derives the change from the models topic; called again after each fencing, so it
   *     should be quick or cache slow results
   */
  public <R> R commit(Function<ModelCatalogue, Change<R>> decide) {
    try (ModelCatalogue catalogue = catalogue()) {
      for (int attempt = 1; ; attempt++) {
        try (Producer<String, byte[]> producer = producers.get()) {
          producer.initTransactions();
          Change<R> change = decide.apply(catalogue.refresh());
          producer.beginTransaction();
          // A failed send fails the commit; closing a producer before the commit aborts.
          for (ProducerRecord<String, byte[]> record : change.records()) {
            var unused = producer.send(record);
          }
          producer.commitTransaction();
          return change.result();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
          if (attempt == ATTEMPTS) {
            throw e;
          }
          log.info("another process is changing model {}; retrying", model);
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(MAX_PAUSE_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** The model's events up to now, oldest first. */
  public List<ModelEvent> events() {
    List<ModelEvent> events = new ArrayList<>();
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      CommittedRecords.upToNow(consumer, topics.modelEvents().name())
          .forEach(
              record -> {
                if (model.equals(record.key()) && record.value() != null) {
                  events.add(topics.modelEvents().value(record.value()));
                }
              });
    }
    return events;
  }
}
