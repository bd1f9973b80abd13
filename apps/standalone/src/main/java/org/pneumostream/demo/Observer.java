package org.pneumostream.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.Worker;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topics;

/** Observes the system's output, like any downstream consumer. Thread-safe. */
public final class Observer implements AutoCloseable {
  /** Longer than an epoch takes on a slow machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(200);

  private final Topics topics;
  private final BiConsumer<String, Prediction> onPrediction;
  private final KafkaConsumer<String, byte[]> consumer;
  private final Worker worker;
  private final Map<String, List<Prediction>> predictions = new HashMap<>();
  private final Set<String> labeled = new HashSet<>();
  private final Set<String> deadLetters = new HashSet<>();
  private final List<ModelEvent> modelEvents = new ArrayList<>();

  private long lastSeen = System.nanoTime();

  /**
   * @param onPrediction receives each prediction, scan id first, on the observer's thread
   */
  public Observer(KafkaConnection kafka, BiConsumer<String, Prediction> onPrediction) {
    this.topics = kafka.topics();
    this.onPrediction = onPrediction;
    this.consumer = kafka.consumer(Map.of());
    List<TopicPartition> partitions =
        CommittedRecords.partitions(
            consumer,
            List.of(
                topics.predictions().name(),
                topics.labeledVolumes().name(),
                topics.modelEvents().name(),
                topics.trainingEpochs().name(),
                topics.deadLetters().name()));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    worker = Worker.start("observer", this::round, consumer::wakeup, consumer);
  }

  /**
   * Waits for a condition on what has been seen.
   *
   * @throws IllegalStateException if the observer has failed, or no records arrive any more
   */
  public synchronized void await(BooleanSupplier seen) throws InterruptedException {
    long begin = System.nanoTime();
    while (!seen.getAsBoolean()) {
      if (System.nanoTime() - Math.max(begin, lastSeen) > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "no records for " + PATIENCE.toMinutes() + " minutes; see the log");
      }
      if (!worker.isRunning()) {
        throw new IllegalStateException("the demo's observer has stopped; see the log");
      }
      wait(POLL.toMillis());
    }
  }

  synchronized Map<String, List<Prediction>> predictions() {
    Map<String, List<Prediction>> copy = new HashMap<>();
    predictions.forEach((scanId, list) -> copy.put(scanId, List.copyOf(list)));
    return copy;
  }

  /** Number of these scans that have been predicted or have failed. */
  public synchronized long answered(Set<String> scanIds) {
    return scanIds.stream().filter(id -> predictions.containsKey(id) || hasFailed(id)).count();
  }

  /** Whether each of these scans is labeled or has failed. */
  public synchronized boolean hasLabeled(Set<String> scanIds) {
    return scanIds.stream().allMatch(id -> labeled.contains(id) || hasFailed(id));
  }

  synchronized List<ModelEvent> modelEvents() {
    return List.copyOf(modelEvents);
  }

  @Override
  public void close() {
    worker.close();
  }

  private boolean hasFailed(String scanId) {
    return deadLetters.contains(scanId);
  }

  private void round() {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
      if (record.value() != null) {
        take(record);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(topics.predictions().name())) {
      Prediction prediction = topics.predictions().value(record.value());
      // Shown before waiting threads continue.
      onPrediction.accept(record.key(), prediction);
      note(
          () -> predictions.computeIfAbsent(record.key(), id -> new ArrayList<>()).add(prediction));
    } else if (record.topic().equals(topics.labeledVolumes().name())) {
      note(() -> labeled.add(record.key()));
    } else if (record.topic().equals(topics.deadLetters().name())) {
      note(() -> deadLetters.add(record.key()));
    } else if (record.topic().equals(topics.trainingEpochs().name())) {
      note(() -> {});
    } else {
      note(() -> modelEvents.add(topics.modelEvents().value(record.value())));
    }
  }

  private synchronized void note(Runnable change) {
    change.run();
    lastSeen = System.nanoTime();
    notifyAll();
  }
}
