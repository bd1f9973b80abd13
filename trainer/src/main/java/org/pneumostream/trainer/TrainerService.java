package org.pneumostream.trainer;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.http.HttpRole;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaProbe;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.RecordRoom;
import org.pneumostream.runtime.RunningService;
import org.pneumostream.runtime.Worker;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Settings;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainer service: retrains when enough scans have been labeled since the last run, when the
 * last run is long ago, or on request by {@code POST /runs}. The snapshot of the last run is in the
 * model's events, whichever process made the run, so that a restarted trainer keeps its count. An
 * interrupted run continues after its last epoch. A run waits for its {@linkplain TrainingTurn
 * turn}.
 */
public final class TrainerService extends RunningService {
  static final String NAME = Stage.TRAINER.toString();

  private static final Logger log = LoggerFactory.getLogger(TrainerService.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final TrainerConfig config;
  private final RetrainingTrigger trigger;
  private final InstantSource clock = Clock.systemUTC();
  private final TrainerMetrics metrics = new TrainerMetrics(server().metrics());
  private final TrainingListener listener;
  private final AtomicBoolean asked = new AtomicBoolean();
  private Retraining retraining;
  private NewLabels newLabels;
  private Supplier<TrainingTurn> turns;
  private Instant started;
  private KafkaProbe probe;
  private volatile boolean stopping;
  private boolean unfinished;

  /** The turn being waited for; null when no run is due. */
  private TrainingTurn turn;

  private TrainerService(Settings settings, TrainerConfig config, TrainingListener listener) {
    super(NAME, settings);
    this.config = config;
    this.listener = metrics.andThen(new EpochLog()).andThen(listener);
    trigger = new RetrainingTrigger(config.minNewLabels(), config.retrainInterval());
  }

  /** Creates the missing topics, then starts. */
  public static TrainerService start(Settings settings) {
    return start(settings, TrainingListener.NONE);
  }

  /**
   * Creates the missing topics, then starts.
   *
   * @param listener receives the progress of every run, on the trainer's own thread
   */
  public static TrainerService start(Settings settings, TrainingListener listener) {
    return start(new TrainerService(settings, TrainerConfig.from(settings), listener), settings);
  }

  @Override
  protected void open(KafkaConnection kafka) {
    Topics topics = kafka.topics();
    requireRoom(kafka, topics.models(), topics.modelEvents(), topics.trainingEpochs());
    retraining = new Retraining(kafka, config, clock);
    unfinished = retraining.isUnfinished();
    Consumer<String, byte[]> consumer = opened(kafka.consumer(LabeledVolumesSnapshot.CONSUMER));
    server().kafkaMetrics(topics).bind(consumer);
    newLabels = new NewLabels(consumer, topics, config.modelName(), this::erased);
    turns = () -> TrainingTurn.join(kafka, config.modelName());
    started = clock.instant();
    probe =
        opened(
            KafkaProbe.start(
                kafka,
                List.of(topics.labeledVolumes()),
                List.of(topics.models(), topics.modelEvents(), topics.trainingEpochs())));
    opened(Worker.start(NAME, this::round, this::wakeUp, this::leaveTheLine));
    listen(config.port(), this::addRoutes);
    log.info(
        "{}: model {}, retrains on {} new labels or every {}",
        NAME,
        config.modelName(),
        config.minNewLabels(),
        config.retrainInterval());
  }

  /**
   * Connects and checks that a model can be published, so that a run does not fail on its last
   * record.
   */
  static KafkaConnection connect(Settings settings) {
    KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
    Topics topics = kafka.topics();
    RecordRoom.require(
        kafka, settings, topics.models(), topics.modelEvents(), topics.trainingEpochs());
    return kafka;
  }

  /**
   * Retrains once, whatever the labels, or continues an unfinished run: {@code train --once}. Waits
   * while another process trains the model.
   *
   * @param stop checked repeatedly; true ends the run, and nothing is published
   * @throws CancellationException if it was stopped, or Kafka gave the turn to another trainer
   */
  public static RetrainingOutcome trainOnce(
      Settings settings, TrainingListener listener, BooleanSupplier stop) {
    TrainerConfig config = TrainerConfig.from(settings);
    KafkaConnection kafka = connect(settings);
    try (TrainingTurn turn = TrainingTurn.join(kafka, config.modelName())) {
      if (!turn.await(listener, stop)) {
        throw new CancellationException("stopped while another process trained the model");
      }
      return new Retraining(kafka, config, Clock.systemUTC())
          .run(listener, () -> stop.getAsBoolean() || !turn.isHeld());
    }
  }

  /** Requests a run, which starts once no other is in progress. */
  public void trainNow() {
    asked.set(true);
  }

  @Override
  public String waitingFor() {
    return probe.problem();
  }

  private void addRoutes(RoutesConfig http) {
    http.post(
        "/runs",
        context -> {
          trainNow();
          context.status(HttpStatus.ACCEPTED);
        },
        HttpRole.ADMIN);
  }

  private void round() {
    int labels = newLabels.count(POLL);
    metrics.newLabels(labels);
    Optional<String> why = due(labels);
    if (why.isEmpty()) {
      leaveTheLine();
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
      due(left).ifPresent(reason -> retrain(reason, mine));
    } finally {
      metrics.waiting(false);
      turn = null;
    }
  }

  private Optional<String> due(int labels) {
    if (unfinished) {
      return Optional.of("an unfinished run");
    }
    Instant lastRun = newLabels.lastRun().orElse(started);
    return trigger.due(labels, Duration.between(lastRun, clock.instant()), asked.get());
  }

  private void retrain(String why, TrainingTurn mine) {
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
        outcome = Optional.of(retraining.run(listener, stop));
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

  /** Another run has used the labels that made this one due. */
  private void leaveTheLine() {
    if (turn != null) {
      turn.close();
      turn = null;
      metrics.waiting(false);
    }
  }

  private void wakeUp() {
    stopping = true;
    newLabels.wakeUp();
  }

  /** Logs one line per epoch. */
  private static final class EpochLog implements TrainingListener {
    @Override
    public void started(TrainingCounts counts) {
      log.info("{}", counts);
    }

    @Override
    public void epoch(EpochResult result) {
      log.info("{}", result.summary());
    }
  }
}
