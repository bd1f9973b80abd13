package org.pneumostream.trainer;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.training.Checkpoint;
import org.pneumostream.training.Evaluation;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingRefusedException;
import org.pneumostream.training.TrainingResult;
import org.pneumostream.training.TrainingRun;
import org.pneumostream.training.TrainingSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run with its training set and plan on disk, to be trained and published. */
final class PlannedRun {
  private static final Logger log = LoggerFactory.getLogger(PlannedRun.class);

  private final KafkaConnection kafka;
  private final TrainerConfig config;
  private final InstantSource clock;
  private final ModelPublisher publisher;
  private final RunPlan plan;
  private final RunFolder folder;
  private final TrainingSet set;

  PlannedRun(
      KafkaConnection kafka,
      TrainerConfig config,
      InstantSource clock,
      RunPlan plan,
      RunFolder folder,
      TrainingSet set) {
    this.kafka = kafka;
    this.config = config;
    this.clock = clock;
    this.publisher = ModelPublisher.over(kafka, config.modelName(), clock);
    this.plan = plan;
    this.folder = folder;
    this.set = set;
  }

  /**
   * Trains from the latest checkpoint on, publishes, and removes the folder.
   *
   * @param stop checked repeatedly; true ends the run, and the folder stays
   * @throws CancellationException if it was stopped
   * @throws ErasedScanException if a scan of the set was erased; the folder is removed
   */
  RetrainingOutcome train(TrainingListener listener, BooleanSupplier stop) {
    log.info(
        "run {}: {} labeled scans, excluded {}",
        plan.runId(),
        set.examples().size(),
        plan.leftOut());
    try (ErasureWatch erasures = erasureWatch()) {
      erasures.checkUpToNow(stop);
      BooleanSupplier stopOrErased =
          () -> {
            erasures.check();
            return stop.getAsBoolean();
          };
      Candidate candidate = candidate(listener, stopOrErased);
      Evaluation evaluation = evaluation(stopOrErased);
      erasures.checkUpToNow(stop);
      if (stop.getAsBoolean()) {
        throw new CancellationException("the run was stopped before it was published");
      }
      Publication publication = publisher.publish(candidate, config.gate(), evaluation::of);
      folder.delete();
      return outcome(Optional.of(publication), publication.contest().decision().reason());
    } catch (TrainingRefusedException e) {
      publisher.refuse(plan, e.getMessage());
      folder.delete();
      return outcome(Optional.empty(), e.getMessage());
    } catch (ErasedScanException e) {
      log.info("run {}: {}; removing the run", plan.runId(), e.getMessage());
      folder.delete();
      throw e;
    }
  }

  private ErasureWatch erasureWatch() {
    return new ErasureWatch(
        kafka.consumer(LabeledVolumesSnapshot.CONSUMER),
        kafka.topics().labeledVolumes().name(),
        plan.snapshot(),
        set);
  }

  private RetrainingOutcome outcome(Optional<Publication> publication, String reason) {
    return new RetrainingOutcome(
        plan.runId(), plan.snapshot(), plan.leftOut(), publication, reason);
  }

  private Evaluation evaluation(BooleanSupplier stop) {
    return new Evaluation(config.training().with(plan.split()), set, stop);
  }

  private Candidate candidate(TrainingListener listener, BooleanSupplier stop) {
    TrainingRun run = new TrainingRun(config.training().with(plan.split()), set);
    Checkpoint checkpoint = folder.latest().orElseGet(() -> Checkpoint.before(initialWeights()));
    if (!checkpoint.epochs().isEmpty()) {
      log.info("run {} resumes after epoch {}", plan.runId(), checkpoint.epochs().size());
    }
    TrainingResult result;
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      TrainingListener epochs =
          new EpochPublisher(
              producer,
              () -> kafka.consumer(Map.of()),
              kafka.topics().trainingEpochs(),
              config.modelName(),
              plan.runId(),
              clock);
      result = run.run(checkpoint, folder, epochs.andThen(listener), stop);
    }
    return new Candidate(
        LearnedSplit.note(plan.splits(), result.weights()),
        evaluation(stop).of(result.weights()),
        lineage(result.counts()),
        ModelEventType.TRAINED,
        "run %s on %d scans, validated on %d"
            .formatted(
                plan.runId(),
                result.counts().training().scans(),
                result.counts().validation().scans()));
  }

  private ModelWeights initialWeights() {
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, config.modelName()).refresh()) {
      return config
          .training()
          .initialWeights()
          .of(catalogue, Optional.ofNullable(plan.parent()), config.training().seed());
    }
  }

  private Lineage lineage(TrainingCounts counts) {
    return counts
        .into(Lineage.newBuilder())
        .setRunId(plan.runId())
        .setSnapshot(Offsets.toRecord(plan.snapshot()))
        .setLabels(Offsets.toRecord(plan.labels()))
        .setSeed(config.training().seed())
        .setSettings(plan.settings())
        .setSplit(plan.split().toString())
        .setSplits(LearnedSplit.toLineage(plan.splits()))
        .setParent(plan.parent())
        .setCodeVersion(plan.codeVersion())
        .setDevice(plan.device().kind())
        .setThreads(plan.device().threads())
        .build();
  }
}
