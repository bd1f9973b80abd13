package org.pneumostream.trainer;

import io.javalin.Javalin;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topics;
import org.pneumostream.service.HttpConfig;
import org.pneumostream.service.HttpRole;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.KafkaProbe;
import org.pneumostream.service.ModelCatalogue;
import org.pneumostream.service.OperationsServer;
import org.pneumostream.service.Service;
import org.pneumostream.service.Settings;
import org.pneumostream.service.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainer: retrains when enough scans have been labeled since the last run, when the last run
 * is long ago, or when asked by {@code POST /runs}. What the last run was made from stands in the
 * lineage of the newest version, so a restarted trainer goes on counting where it was; a run that
 * was cut off goes on after its last epoch.
 */
public final class TrainerService implements Service {
  static final String NAME = "trainer";

  private static final Logger log = LoggerFactory.getLogger(TrainerService.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Retraining retraining;
  private final RetrainingTrigger trigger;
  private final InstantSource clock;
  private final NewLabels newLabels;
  private final OperationsServer operations = new OperationsServer(NAME);
  private final TrainerMetrics metrics = new TrainerMetrics(operations.metrics());
  private final TrainingListener listener;
  private final KafkaProbe probe;
  private final Worker worker;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean stopping;
  private boolean unfinished;
  private Instant lastRun;

  private TrainerService(
      KafkaConnection kafka,
      TrainerConfig config,
      HttpConfig http,
      TrainingListener listener,
      InstantSource clock) {
    this.clock = clock;
    this.listener = metrics.andThen(new EpochLog()).andThen(listener);
    retraining = new Retraining(kafka, config, clock);
    trigger = new RetrainingTrigger(config.minNewLabels(), config.retrainInterval());
    Consumer<String, byte[]> consumer = kafka.consumer(LabeledVolumesSnapshot.CONSUMER);
    operations.kafkaMetrics(kafka.topics()).bind(consumer);
    newLabels = new NewLabels(consumer, kafka.topics().labeledVolumes().name());
    countSinceNewestVersion(kafka, config.modelName());
    unfinished = retraining.isUnfinished();
    Topics topics = kafka.topics();
    probe =
        KafkaProbe.start(
            kafka,
            List.of(topics.labeledVolumes()),
            List.of(topics.models(), topics.modelEvents(), topics.trainingEpochs()));
    worker = Worker.start(NAME, this::round, this::wakeUp, newLabels);
    try {
      operations.start(this, http, config.port(), this::addRoutes);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    log.info(
        "{}: model {}, retrains on {} new labels or every {}",
        NAME,
        config.modelName(),
        config.minNewLabels(),
        config.retrainInterval());
  }

  /** Creates the topics that are missing, then starts. */
  public static TrainerService start(Settings settings) {
    return start(settings, TrainingListener.NONE);
  }

  /**
   * Creates the topics that are missing, then starts.
   *
   * @param listener told how every run goes, on the trainer's own thread
   */
  public static TrainerService start(Settings settings, TrainingListener listener) {
    TrainerConfig config = TrainerConfig.from(settings);
    HttpConfig http = HttpConfig.from(settings);
    return new TrainerService(
        KafkaConfig.connectionWithTopics(settings), config, http, listener, Clock.systemUTC());
  }

  /**
   * Retrains once, now, whatever the labels, or goes on with a run that was left unfinished: {@code
   * train --once}.
   *
   * @param stop asked again and again; true ends the run, and nothing is published
   * @throws CancellationException if it was stopped
   */
  public static RetrainingOutcome trainOnce(
      Settings settings, TrainingListener listener, BooleanSupplier stop) {
    TrainerConfig config = TrainerConfig.from(settings);
    return new Retraining(KafkaConfig.connectionWithTopics(settings), config, Clock.systemUTC())
        .run(listener, stop);
  }

  /** Starts a run as soon as none goes on. */
  public void trainNow() {
    asked.set(true);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int port() {
    return operations.port();
  }

  @Override
  public String waitingFor() {
    return probe.problem();
  }

  @Override
  public CompletableFuture<Void> stopped() {
    return worker.stopped();
  }

  @Override
  public void close() {
    worker.close();
    probe.close();
    operations.close();
  }

  private void addRoutes(Javalin http) {
    http.post(
        "/runs",
        context -> {
          trainNow();
          context.status(HttpStatus.ACCEPTED);
        },
        HttpRole.ADMIN);
  }

  private void countSinceNewestVersion(KafkaConnection kafka, String model) {
    lastRun = clock.instant();
    Map<Integer, Long> snapshot = new HashMap<>();
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, model)) {
      for (ModelVersion version : catalogue.refresh().versions()) {
        if (version.getLineage() != null && !ModelImport.isImport(version.getLineage())) {
          lastRun = version.getCreatedAt();
          version
              .getLineage()
              .getSnapshot()
              .forEach((partition, end) -> snapshot.put(Integer.valueOf(partition), end));
        }
      }
    }
    newLabels.countSince(snapshot);
  }

  private void round() {
    int labels = newLabels.count(POLL);
    metrics.newLabels(labels);
    if (unfinished) {
      unfinished = false;
      retrain("a run was left unfinished");
      return;
    }
    boolean isAsked = asked.getAndSet(false);
    Optional<String> why = trigger.due(labels, Duration.between(lastRun, clock.instant()), isAsked);
    why.ifPresent(this::retrain);
  }

  private void retrain(String why) {
    log.info("training starts: {}", why);
    metrics.training(true);
    try {
      RetrainingOutcome outcome = retraining.run(listener, () -> stopping);
      metrics.ended(outcome, clock.instant());
      log.info("run {} ended: {}", outcome.runId(), outcome.summary());
      newLabels.countSince(outcome.snapshot());
      lastRun = clock.instant();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      metrics.failed(clock.instant());
      throw e;
    } finally {
      metrics.training(false);
    }
  }

  private void wakeUp() {
    stopping = true;
    newLabels.wakeUp();
  }

  /** One line an epoch. */
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
