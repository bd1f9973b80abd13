package org.pneumostream.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.service.ModelCatalogue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One retraining, from the labeled volumes of the moment to a published version: what the service
 * does when it is time, and {@code train --once} at once.
 */
public final class Retraining {
  private static final Logger log = LoggerFactory.getLogger(Retraining.class);
  private static final String SPOOL_SUFFIX = ".spool";
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  // A volume takes 2 MiB; what waits to be spooled stays small.
  static final Map<String, Object> SNAPSHOT_CONSUMER =
      Map.of(
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          16,
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20);

  private final KafkaConnection kafka;
  private final TrainerConfig config;
  private final InstantSource clock;
  private final ModelPublisher publisher;

  public Retraining(KafkaConnection kafka, TrainerConfig config, InstantSource clock) {
    this.kafka = kafka;
    this.config = config;
    this.clock = clock;
    this.publisher = ModelPublisher.over(kafka, config.modelName(), clock);
  }

  /** What a run starts from. */
  private record Start(ModelWeights weights, Optional<String> parent) {}

  /**
   * Retrains.
   *
   * @param listener told how it goes
   * @param stop asked again and again; true ends the run, and nothing is published
   * @throws CancellationException if it was stopped
   */
  public RetrainingOutcome run(TrainingListener listener, BooleanSupplier stop) {
    String runId =
        RUN_TIME.format(clock.instant()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    Path spool = emptySpoolDirectory().resolve(runId + SPOOL_SUFFIX);
    try (TrainingSet set = TrainingSet.create(spool, config.training().shape())) {
      return run(runId, set, listener, stop);
    } finally {
      delete(spool);
    }
  }

  private RetrainingOutcome run(
      String runId, TrainingSet set, TrainingListener listener, BooleanSupplier stop) {
    Map<Integer, Long> snapshot = spool(set, listener, stop);
    log.info("run {}: {} labeled scans, left out {}", runId, set.examples().size(), set.leftOut());
    try {
      Publication publication = train(runId, set, snapshot, listener, stop);
      return new RetrainingOutcome(
          runId,
          snapshot,
          set.leftOut(),
          Optional.of(publication),
          publication.contest().decision().reason());
    } catch (TrainingRefusedException e) {
      publisher.refuse(e.getMessage());
      return new RetrainingOutcome(
          runId, snapshot, set.leftOut(), Optional.empty(), e.getMessage());
    }
  }

  private Publication train(
      String runId,
      TrainingSet set,
      Map<Integer, Long> snapshot,
      TrainingListener listener,
      BooleanSupplier stop) {
    TrainingRun run = new TrainingRun(config.training(), set);
    Start start = start();
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      TrainingListener epochs =
          new EpochPublisher(
              producer, kafka.topics().trainingEpochs(), config.modelName(), runId, clock);
      TrainingResult result = run.run(start.weights(), epochs.andThen(listener), stop);
      Evaluation evaluation = new Evaluation(config.training(), set, stop);
      return publish(evaluation, result, lineage(runId, snapshot, start, result));
    }
  }

  private Start start() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, config.modelName())) {
      Optional<String> champion = catalogue.refresh().champion().map(ModelVersion::getVersion);
      boolean fromChampion = config.training().initialWeights() == InitialWeights.CHAMPION;
      ModelWeights weights =
          fromChampion && champion.isPresent()
              ? PublishedWeights.of(catalogue.withWeights(champion.get()))
              : ModelWeights.initial(config.training().seed());
      return new Start(weights, champion);
    } catch (ModelException e) {
      throw new TrainingRefusedException("cannot start from the champion: " + e.getMessage(), e);
    }
  }

  private Map<Integer, Long> spool(
      TrainingSet set, TrainingListener listener, BooleanSupplier stop) {
    try (Consumer<String, byte[]> consumer = kafka.consumer(SNAPSHOT_CONSUMER)) {
      return LabeledVolumesSnapshot.spool(
          consumer,
          kafka.topics().labeledVolumes(),
          set,
          config.training().preprocessingVersion(),
          listener,
          stop);
    }
  }

  private Publication publish(Evaluation evaluation, TrainingResult result, Lineage lineage) {
    Candidate candidate =
        new Candidate(
            result.weights(),
            config.training().shape(),
            config.training().preprocessingVersion(),
            evaluation.of(result.weights()),
            lineage);
    return publisher.publish(candidate, config.gate(), evaluation::of);
  }

  private Lineage lineage(
      String runId, Map<Integer, Long> snapshot, Start start, TrainingResult result) {
    Map<String, Long> offsets = new HashMap<>();
    snapshot.forEach((partition, end) -> offsets.put(Integer.toString(partition), end));
    return Lineage.newBuilder()
        .setRunId(runId)
        .setSnapshot(offsets)
        .setTrainingScans(result.counts().training().scans())
        .setValidationScans(result.counts().validation().scans())
        .setTraining(result.counts().training().toRecord())
        .setValidation(result.counts().validation().toRecord())
        .setHoldout(result.counts().holdout().toRecord())
        .setSplit(config.training().split().toString())
        .setSeed(config.training().seed())
        .setSettings(config.training().toSettings())
        .setParent(start.parent().orElse(null))
        .setCodeVersion(CodeVersion.current())
        .build();
  }

  /** Removes what an earlier process left when it was killed; one that runs keeps its open file. */
  private Path emptySpoolDirectory() {
    Path directory = config.spoolDirectory();
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*" + SPOOL_SUFFIX)) {
        left.forEach(Retraining::delete);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("spool directory " + directory + ": " + e.getMessage(), e);
    }
    return directory;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("training set " + file + ": " + e.getMessage(), e);
    }
  }
}
