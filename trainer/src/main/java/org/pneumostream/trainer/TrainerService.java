package org.pneumostream.trainer;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
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
 * The trainer: retrains when enough scans have been labeled since the last run, when the last run
 * is long ago, or when asked by {@code POST /runs}. The model's events say which labels the last
 * run used, so a restarted trainer continues to count where it was. A run that was cut off resumes
 * after its last epoch. A run that new labels start waits until they are {@linkplain JoinedLabels
 * joined} with their volumes. Every run waits for its {@linkplain TrainingTurn turn}.
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
  private Supplier<JoinedLabels> labelsNow;
  private Instant started;
  private KafkaProbe probe;
  private volatile boolean stopping;
  private boolean unfinished;

  /** The turn being waited for; null when no run is due. */
  private @Nullable TrainingTurn turn;

  /** Those for which a run is due; null when none is. */
  private volatile @Nullable JoinedLabels joined;

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
    Consumer<String, byte[]> consumer = opened(kafka.consumer(Map.of()));
    server().kafkaMetrics(topics).bind(consumer);
    newLabels = new NewLabels(consumer, topics, config.modelName(), this::erased);
    turns = () -> TrainingTurn.join(kafka, config.modelName());
    labelsNow = () -> JoinedLabels.now(kafka);
    started = clock.instant();
    probe =
        opened(
            KafkaProbe.start(
                kafka,
                List.of(topics.labels(), topics.labeledVolumes()),
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
   * Retrains once, now, whatever the labels, or resumes a run that was left unfinished: {@code
   * train --once}. Waits while another process trains the model.
   *
   * @param stop checked repeatedly; true ends the run, and nothing is published
   * @throws CancellationException if it was stopped, or Kafka gave the turn to another trainer
   */
  public static RetrainingOutcome trainOnce(
      Settings settings, TrainingListener listener, BooleanSupplier stop) {
    TrainerConfig config = TrainerConfig.from(settings);
    KafkaConnection kafka = connect(settings);
    try (TrainingTurn turn = TrainingTurn.join(kafka, config.modelName());
        JoinedLabels labels = JoinedLabels.now(kafka)) {
      if (!turn.await(listener, stop)) {
        throw new CancellationException("stopped while another process trained the model");
      }
      return new Retraining(kafka, config, Clock.systemUTC())
          .run(labels, listener, () -> stop.getAsBoolean() || !turn.isHeld());
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

  /** Another run has used the labels that made this one due. */
  private void leaveTheLine() {
    forgetLabels();
    if (turn != null) {
      turn.close();
      turn = null;
      metrics.waiting(false);
    }
  }

  private void wakeUp() {
    stopping = true;
    newLabels.wakeUp();
    JoinedLabels waitedFor = joined;
    if (waitedFor != null) {
      waitedFor.wakeUp();
    }
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
