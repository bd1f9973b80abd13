package org.pneumostream.scorer;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores volumes in batches, and writes answers and offsets in one transaction. After a crash or a
 * rebalance no volume is answered twice and none is skipped. For one thread.
 */
final class ScoringLoop {
  private static final Logger log = LoggerFactory.getLogger(ScoringLoop.class);
  private static final Duration IDLE_POLL = Duration.ofMillis(500);

  private final Consumer<String, byte[]> consumer;
  private final Producer<String, byte[]> producer;
  private final Supplier<Optional<Champion>> nextChampion;
  private final Function<Collection<TopicPartition>, Map<TopicPartition, Long>> starts;
  private final BatchScorer scorer;
  private final ScorerConfig config;
  private final ScorerMetrics metrics;
  private final Tracing tracing;
  private final Batch batch = new Batch();
  private volatile @Nullable Champion champion;
  private volatile boolean stopping;
  private volatile boolean waitingForKafka;

  /**
   * @param consumer without automatic offset reset
   * @param nextChampion returns a new champion since the last call; the loop owns it
   * @param starts start offsets for partitions without a committed offset
   */
  ScoringLoop(
      Consumer<String, byte[]> consumer,
      Producer<String, byte[]> producer,
      Supplier<Optional<Champion>> nextChampion,
      Function<Collection<TopicPartition>, Map<TopicPartition, Long>> starts,
      BatchScorer scorer,
      ScorerConfig config,
      ScorerMetrics metrics,
      Tracing tracing) {
    this.consumer = consumer;
    this.producer = producer;
    this.nextChampion = nextChampion;
    this.starts = starts;
    this.scorer = scorer;
    this.config = config;
    this.metrics = metrics;
    this.tracing = tracing;
    // Other threads read this; a slightly old size is good enough.
    metrics.queue(batch::size);
  }

  /** Joins the group of scorers. */
  void subscribe(String topic) {
    producer.initTransactions();
    consumer.subscribe(List.of(topic), new Partitions());
  }

  /** Switches to a new champion if there is one, then scores one batch if there is one. */
  void round() {
    nextChampion.get().ifPresent(this::takeUp);
    Champion inForce = champion;
    if (inForce == null) {
      // Paused partitions return nothing, but polling keeps this member in the group.
      poll(IDLE_POLL);
      return;
    }
    fill();
    if (!batch.isEmpty()) {
      try (BatchTrace trace = BatchTrace.start(tracing, batch.records())) {
        score(inForce, trace);
      }
    }
  }

  /** The current champion, or null. */
  @Nullable Champion champion() {
    return champion;
  }

  /** Whether Kafka has not answered for longer than the producer's timeout. */
  boolean isWaitingForKafka() {
    return waitingForKafka;
  }

  /** Ends a round that waits for Kafka; called from another thread. */
  void stop() {
    stopping = true;
    consumer.wakeup();
  }

  /** Frees the champion; called on the loop's own thread. */
  void close() {
    if (champion != null) {
      champion.close();
    }
  }

  private void takeUp(Champion next) {
    Champion former = champion;
    champion = next;
    consumer.resume(consumer.paused());
    metrics.swapped(next);
    log.info(
        "scoring with champion {} {} on {}{}",
        next.version().getName(),
        next.version().getVersion(),
        next.network().device(),
        former == null ? "" : ", after " + former.version().getVersion());
    if (former != null) {
      former.close();
    }
  }

  /** Waits for a first volume, then adds those already fetched and those that arrive in time. */
  private void fill() {
    batch.add(poll(IDLE_POLL));
    long end = System.nanoTime() + config.batchWait().toNanos();
    boolean more = !batch.isEmpty();
    while (more && batch.size() < config.batchMax()) {
      int before = batch.size();
      long left = Math.max(0, end - System.nanoTime());
      batch.add(poll(Duration.ofNanos(left)));
      more = batch.size() > before || (left > 0 && !batch.isEmpty());
    }
  }

  private ConsumerRecords<String, byte[]> poll(Duration atMost) {
    while (true) {
      try {
        return consumer.poll(atMost);
      } catch (InvalidOffsetException e) {
        start(e.partitions());
      }
    }
  }

  /** Commits at once, so that the start position does not depend on the first volume. */
  private void start(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    starts
        .apply(partitions)
        .forEach(
            (partition, offset) -> {
              consumer.seek(partition, offset);
              offsets.put(partition, new OffsetAndMetadata(offset));
            });
    try {
      consumer.commitSync(offsets);
    } catch (RebalanceInProgressException | CommitFailedException e) {
      log.info("partitions were reassigned, their new owner chooses the start: {}", e.getMessage());
    }
  }

  private void score(Champion inForce, BatchTrace trace) {
    long start = System.nanoTime();
    List<ProducerRecord<String, byte[]>> answers = scorer.score(batch.records(), inForce, trace);
    long scored = System.nanoTime();
    producer.beginTransaction();
    try {
      answers.forEach(producer::send);
      producer.sendOffsetsToTransaction(batch.offsets(), consumer.groupMetadata());
      untilAnswered(producer::commitTransaction);
      long committed = System.nanoTime();
      metrics.committed(batch.size(), answers, scored - start, committed - scored);
      log.info(
          "scored {} volumes with model {} in {} ms",
          batch.size(),
          inForce.version().getVersion(),
          TimeUnit.NANOSECONDS.toMillis(committed - start));
    } catch (ProducerFencedException | OutOfOrderSequenceException | AuthorizationException e) {
      // This producer cannot recover.
      trace.failed(e);
      throw e;
    } catch (KafkaException e) {
      log.warn(
          "aborted the transaction of {} volumes, reading them again: {}",
          batch.size(),
          e.toString());
      trace.failed(e);
      untilAnswered(producer::abortTransaction);
      metrics.aborted();
      backToCommitted();
    }
    batch.clear();
  }

  /**
   * If Kafka does not confirm the end of a transaction in time, the call must be repeated: until
   * then the client accepts nothing else.
   *
   * @throws CancellationException if the loop is stopped meanwhile
   */
  private void untilAnswered(Runnable end) {
    boolean isAnswered = false;
    while (!isAnswered) {
      try {
        end.run();
        isAnswered = true;
      } catch (TimeoutException e) {
        if (stopping) {
          throw new CancellationException("stopped before Kafka answered");
        }
        log.warn("a transaction of {} volumes waits for Kafka: {}", batch.size(), e.getMessage());
        waitingForKafka = true;
      }
    }
    waitingForKafka = false;
  }

  private void backToCommitted() {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
    Map<TopicPartition, Long> begins = batch.begins();
    for (TopicPartition partition : consumer.assignment()) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset != null) {
        consumer.seek(partition, offset);
      } else if (begins.containsKey(partition)) {
        consumer.seek(partition, begins.get(partition));
      }
    }
  }

  /** Called by the consumer within poll, on the loop's own thread. */
  private final class Partitions implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      batch.forget(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (champion == null) {
        consumer.pause(partitions);
      }
    }
  }
}
