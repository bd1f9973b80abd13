package org.pneumostream.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.Topics;
import org.pneumostream.service.ModelCatalogue;

/**
 * Changes to one model, one at a time across all processes. Each change is a transaction of its own
 * under the model's transactional id, which fences whoever else was about to change the model; only
 * then are the topics read and the change is decided. Whoever was fenced decides anew, on what the
 * other wrote.
 */
final class ModelTransactions {
  private static final int ATTEMPTS = 5;

  private final Topics topics;
  private final String model;
  private final Supplier<Producer<String, byte[]>> producers;
  private final Supplier<Consumer<String, byte[]>> consumers;

  /**
   * @param producers of producers with the model's transactional id
   * @param consumers of consumers of committed records with no topic assigned
   */
  ModelTransactions(
      Topics topics,
      String model,
      Supplier<Producer<String, byte[]>> producers,
      Supplier<Consumer<String, byte[]>> consumers) {
    this.topics = topics;
    this.model = model;
    this.producers = producers;
    this.consumers = consumers;
  }

  static ModelTransactions over(KafkaConnection kafka, String model) {
    String transactionalId = kafka.topics().models().name() + "." + model;
    return new ModelTransactions(
        kafka.topics(),
        model,
        () -> kafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId)),
        () -> kafka.consumer(Map.of()));
  }

  /** A change's records, and what to tell whoever asked for it. */
  record Change<R>(R result, List<ProducerRecord<String, byte[]>> records) {}

  Topics topics() {
    return topics;
  }

  String model() {
    return model;
  }

  /**
   * Decides on a change and writes it, wholly or not at all.
   *
   * @param decide from what the model's topic says at that moment to the change
   */
  <R> R commit(Function<ModelCatalogue, Change<R>> decide) {
    for (int attempt = 1; ; attempt++) {
      try (Producer<String, byte[]> producer = producers.get();
          ModelCatalogue catalogue = new ModelCatalogue(topics.models(), model, consumers.get())) {
        producer.initTransactions();
        Change<R> change = decide.apply(catalogue.refresh());
        producer.beginTransaction();
        // A send that fails fails the commit; a producer closed before the commit aborts.
        change.records().forEach(producer::send);
        producer.commitTransaction();
        return change.result();
      } catch (ProducerFencedException | InvalidProducerEpochException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** The model's events up to now, oldest first. */
  List<ModelEvent> events() {
    List<ModelEvent> events = new ArrayList<>();
    try (Consumer<String, byte[]> consumer = consumers.get()) {
      CommittedRecords.upToNow(consumer, topics.modelEvents().name())
          .forEach(
              record -> {
                if (model.equals(record.key()) && record.value() != null) {
                  events.add(topics.modelEvents().value(record.value()));
                }
              },
              (read, of) -> {},
              () -> false);
    }
    return events;
  }
}
