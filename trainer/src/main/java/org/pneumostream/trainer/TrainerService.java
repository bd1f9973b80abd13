package org.pneumostream.trainer;

import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
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

  private final TrainerConfig config;
  private final InstantSource clock = Clock.systemUTC();
  private final TrainerMetrics metrics = new TrainerMetrics(server().metrics());
  private final TrainingListener listener;
  private RetrainingLoop loop;
  private KafkaProbe probe;

  private TrainerService(Settings settings, TrainerConfig config, TrainingListener listener) {
    super(NAME, settings);
    this.config = config;
    this.listener = metrics.andThen(new EpochLog()).andThen(listener);
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
    Consumer<String, byte[]> consumer = opened(kafka.consumer(Map.of()));
    server().kafkaMetrics(topics).bind(consumer);
    loop = new RetrainingLoop(kafka, config, consumer, metrics, listener, clock);
    probe =
        opened(
            KafkaProbe.start(
                kafka,
                List.of(topics.labels(), topics.labeledVolumes()),
                List.of(topics.models(), topics.modelEvents(), topics.trainingEpochs())));
    opened(Worker.start(NAME, loop::round, loop::wakeUp, loop));
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
    loop.trainNow();
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
}
