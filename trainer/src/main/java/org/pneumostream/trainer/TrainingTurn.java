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
 * The turn to train a model, which one process at a time has. It is the models topic's partition in
 * a consumer group of the model's trainers: Kafka gives it to one member, leaves it there while
 * others join and wait, and passes it on when that member leaves, or when its session times out.
 * Nothing is read and no offset is committed.
 */
final class TrainingTurn implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainingTurn.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** A machine that trains with all its cores is late with a heartbeat now and then. */
  private static final int SESSION_TIMEOUT_MS = 30_000;

  private final Consumer<String, byte[]> consumer;
  private final TopicPartition turn;
  private final Thread member;
  private boolean held;
  private boolean closed;
  private @Nullable RuntimeException failure;

  /**
   * @param consumer of the group, with no topic assigned; closed with this object
   * @param topic the models topic, whose one partition is the turn
   */
  TrainingTurn(Consumer<String, byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.turn = new TopicPartition(topic, 0);
    this.member = new Thread(this::follow, "training-turn");
    member.setDaemon(true);
    member.start();
  }

  /** Gets in line. */
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

  /** Whether this process has the turn. */
  synchronized boolean isHeld() {
    return held;
  }

  /**
   * Waits for the turn.
   *
   * @return whether this process has it now
   * @throws RuntimeException if Kafka does not let this process wait for it
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

  /** Waits for the turn until told to stop, and says so when another has it. */
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

  /** Heartbeats and rebalances need someone who polls. */
  private void follow() {
    try (consumer) {
      consumer.subscribe(List.of(turn.topic()), new Rebalances());
      while (!isClosed()) {
        consumer.poll(POLL);
      }
    } catch (WakeupException e) {
      // Closed.
    } catch (RuntimeException e) {
      log.warn("the turn to train is lost: {}", e.toString());
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
