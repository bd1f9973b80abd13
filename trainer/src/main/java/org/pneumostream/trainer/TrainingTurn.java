package org.pneumostream.trainer;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turn to train a model, which one process at a time holds. It is the models topic's partition
 * in a consumer group of the model's trainers. Kafka assigns it to one member, keeps it there while
 * others join and wait, and reassigns it when that member leaves or its session times out. Nothing
 * is read and no offset is committed.
 */
final class TrainingTurn implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainingTurn.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Long, since a machine that trains with all its cores sometimes sends heartbeats late. */
  private static final int SESSION_TIMEOUT_MS = 30_000;

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition turn;
  private final Thread member;
  private boolean held;
  private boolean closed;
  private @Nullable RuntimeException failure;

  /**
   * @param consumer of the group, without assigned topics; closed with this object
   * @param topic the models topic, whose one partition is the turn
   */
  TrainingTurn(Consumer<String, byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.turn = new TopicPartition(topic, 0);
    this.member = new Thread(this::follow, "training-turn");
    member.setDaemon(true);
    member.start();
  }

  /** Joins the group and waits for the turn. */
  static TrainingTurn join(KafkaConnection kafka, String model) {
    String topic = kafka.topics().models().name();
    return new TrainingTurn(
        kafka.consumer(
            Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group(topic, model),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_TIMEOUT_MS,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "latest")),
        topic);
  }

  /** The group of a model's trainers. */
  static String group(String modelsTopic, String model) {
    return modelsTopic + "." + model + ".trainer";
  }

  /** Whether this process holds the turn. */
  synchronized boolean isHeld() {
    return held;
  }

  /**
   * Waits for the turn.
   *
   * @return whether this process holds it now
   * @throws RuntimeException if Kafka denies this process the group
   */
  synchronized boolean await(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      for (long left = atMost.toNanos(); left > 0 && !held && failure == null; ) {
        wait(left / 1_000_000, (int) (left % 1_000_000));
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
    if (failure != null) {
      throw failure;
    }
    return held;
  }

  /** Waits for the turn until stopped, and tells the listener if another process holds it. */
  boolean await(TrainingListener listener, BooleanSupplier stop) {
    boolean isTold = false;
    while (!await(POLL)) {
      if (stop.getAsBoolean()) {
        return false;
      }
      if (!isTold) {
        listener.waiting();
        isTold = true;
      }
    }
    return true;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    consumer.wakeup();
    try {
      member.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void held(boolean now) {
    held = now;
    notifyAll();
  }

  private synchronized void fail(RuntimeException e) {
    failure = e;
    held = false;
    notifyAll();
  }

  /** Polls, since heartbeats and rebalances need it. */
  private void follow() {
    try (consumer) {
      consumer.subscribe(List.of(turn.topic()), new Rebalances());
      while (!isClosed()) {
        consumer.poll(POLL);
      }
    } catch (WakeupException e) {
      // Closed.
    } catch (RuntimeException e) {
      log.warn("lost the turn to train: {}", e.toString());
      fail(e);
    } finally {
      held(false);
    }
  }

  private final class Rebalances implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      if (partitions.contains(turn)) {
        held(true);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (partitions.contains(turn)) {
        held(false);
      }
    }
  }
}
