package org.pneumostream.trainer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether a run is due, and makes it: waits until its labels are {@linkplain
 * JoinedLabels joined} with their volumes, and for its {@linkplain TrainingTurn turn}. For one
 * thread, except for {@link #trainNow} and {@link #wakeUp}.
 */
final class RetrainingLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RetrainingLoop.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final RetrainingTrigger trigger;
  private final TrainerMetrics metrics;
  private final TrainingListener listener;
  private final InstantSource clock;
  private final Retraining retraining;
  private final NewLabels newLabels;
  private final Supplier<TrainingTurn> turns;
  private final Supplier<JoinedLabels> labelsNow;
  private final Instant started;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean stopping;
  private boolean unfinished;

  /** The turn being waited for; null when no run is due. */
  private @Nullable TrainingTurn turn;

  /** Those for which a run is due; null when none is. */
  private volatile @Nullable JoinedLabels joined;

  /**
   * @param consumer of committed records, with no topic assigned; the caller closes it
   * @param listener receives the progress of every run
   */
  RetrainingLoop(
      KafkaConnection kafka,
      TrainerConfig config,
      Consumer<String, byte[]> consumer,
      TrainerMetrics metrics,
      TrainingListener listener,
      InstantSource clock) {
    this.trigger = new RetrainingTrigger(config.minNewLabels(), config.retrainInterval());
    this.metrics = metrics;
    this.listener = listener;
    this.clock = clock;
    this.retraining = new Retraining(kafka, config, clock);
    this.unfinished = retraining.isUnfinished();
    this.newLabels = new NewLabels(consumer, kafka.topics(), config.modelName(), this::erased);
    this.turns = () -> TrainingTurn.join(kafka, config.modelName());
    this.labelsNow = () -> JoinedLabels.now(kafka);
    this.started = clock.instant();
  }

  /** Requests a run, which starts once no other is in progress. */
  void trainNow() {
    asked.set(true);
  }

  /** Looks once; makes the run that is due and has the turn. */
  void round() {
    int labels = newLabels.count(POLL);
    metrics.newLabels(labels);
    Optional<String> why = due(labels);
    if (why.isEmpty()) {
      leaveTheLine();
      return;
    }
    Optional<JoinedLabels> labelsOfRun = labelsOfRun(why.get());
    if (labelsOfRun.isEmpty()) {
      return;
    }
    if (turn == null) {
      log.info("a run is due ({}) and waits for its turn", why.get());
      metrics.waiting(true);
      turn = turns.get();
    }
    if (!turn.await(POLL)) {
      return;
    }
    try (TrainingTurn mine = turn) {
      // The previous holder of the turn may have used the labels.
      int left = newLabels.countUpToNow();
      metrics.newLabels(left);
      due(left).ifPresent(reason -> retrain(reason, labelsOfRun.get(), mine));
    } finally {
      metrics.waiting(false);
      turn = null;
    }
  }

  /** A run that labels make due waits until their volumes are in the snapshot: empty until then. */
  private Optional<JoinedLabels> labelsOfRun(String why) {
    JoinedLabels labels = joined;
    boolean isFirstLook = labels == null;
    if (labels == null) {
      labels = labelsNow.get();
      joined = labels;
    }
    if (unfinished || asked.get() || labels.isComplete()) {
      return Optional.of(labels);
    }
    if (isFirstLook) {
      log.info("a run is due and waits until preprocess-stream has joined the labels: {}", why);
    }
    return Optional.empty();
  }

  private Optional<String> due(int labels) {
    if (unfinished) {
      return Optional.of("an unfinished run");
    }
    Instant lastRun = newLabels.lastRun().orElse(started);
    return trigger.due(labels, Duration.between(lastRun, clock.instant()), asked.get());
  }

  private void retrain(String why, JoinedLabels labels, TrainingTurn mine) {
    log.info("starting a training run: {}", why);
    metrics.training(true);
    metrics.waiting(false);
    BooleanSupplier stop = () -> stopping || !mine.isHeld();
    boolean isAsked = !unfinished && asked.getAndSet(false);
    try {
      Optional<RetrainingOutcome> outcome;
      if (unfinished) {
        outcome = retraining.resume(listener, stop);
        unfinished = false;
      } else {
        outcome = Optional.of(retraining.run(labels, listener, stop));
      }
      outcome.ifPresent(this::ended);
    } catch (CancellationException e) {
      if (stopping) {
        throw e;
      }
      log.warn("Kafka gave the turn to train to another process; the run waits for the next turn");
      unfinished = retraining.isUnfinished();
      asked.compareAndSet(false, isAsked && !unfinished);
    } catch (RuntimeException e) {
      metrics.failed(clock.instant());
      throw e;
    } finally {
      metrics.training(false);
      forgetLabels();
    }
  }

  private void forgetLabels() {
    if (joined != null) {
      joined.close();
      joined = null;
    }
  }

  private void ended(RetrainingOutcome outcome) {
    metrics.ended(outcome, clock.instant());
    log.info("run {} ended: {}", outcome.runId(), outcome.summary());
  }

  /** Removes an unfinished run that contains the scan; the run then starts again without it. */
  private void erased(ConsumerRecord<String, byte[]> tombstone) {
    if (retraining.erased(tombstone) && unfinished) {
      unfinished = false;
      asked.set(true);
    }
  }

  @Override
  public void close() {
    leaveTheLine();
  }

  /** Another run has used the labels that made this one due. */
  private void leaveTheLine() {
    forgetLabels();
    if (turn != null) {
      turn.close();
      turn = null;
      metrics.waiting(false);
    }
  }

  /** Ends a wait and a run in another thread. */
  void wakeUp() {
    stopping = true;
    newLabels.wakeUp();
    JoinedLabels waitedFor = joined;
    if (waitedFor != null) {
      waitedFor.wakeUp();
    }
  }
}
