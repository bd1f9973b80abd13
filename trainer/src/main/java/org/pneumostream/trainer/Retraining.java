package org.pneumostream.trainer;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.training.CodeVersion;
import org.pneumostream.training.InitialWeights;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;
import org.pneumostream.training.Stratification;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One retraining, from the current labeled volumes to a published version. The service starts it
 * when it is due, and {@code train --once} at once. If an earlier process left an unfinished run,
 * it continues that run.
 */
public final class Retraining {
  private static final Logger log = LoggerFactory.getLogger(Retraining.class);
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
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

  /** Whether an earlier process left a run that the next one here will continue. */
  boolean isUnfinished() {
    Optional<RunFolder> run = unfinished();
    run.ifPresent(RunFolder::close);
    return run.isPresent();
  }

  /**
   * Removes the runs left unfinished here that hold a scan erased since.
   *
   * @param tombstone of labels
   * @return whether there was one
   */
  boolean erased(ConsumerRecord<String, byte[]> tombstone) {
    return folders().erase(tombstone);
  }

  /**
   * Retrains, or {@linkplain #resume resumes} a run. Only for the process that holds the
   * {@linkplain TrainingTurn turn}.
   *
   * @param labels which the run uses, if they are all joined with their volumes; otherwise it uses
   *     none, and they count for the next run
   * @param listener receives the progress
   * @param stop checked repeatedly; true ends the run, which the next one here continues
   * @throws CancellationException if it was stopped
   */
  RetrainingOutcome run(JoinedLabels labels, TrainingListener listener, BooleanSupplier stop) {
    return resume(listener, stop).orElseGet(() -> begin(used(labels), listener, stop));
  }

  private Map<Integer, Long> used(JoinedLabels labels) {
    return labels.isComplete() ? labels.offsets() : PastRun.used(publisher.events());
  }

  /**
   * Continues the run that an earlier process left unfinished. A run with a scan erased since
   * starts from the beginning. A run that has failed too often is refused. A run whose labels
   * another run has used is dropped.
   *
   * @param stop checked repeatedly; true ends the run, which the next one here continues
   * @return empty if there is no run to continue
   * @throws CancellationException if it was stopped
   */
  Optional<RetrainingOutcome> resume(TrainingListener listener, BooleanSupplier stop) {
    Optional<RunFolder> unfinished = unfinished();
    if (unfinished.isEmpty()) {
      return Optional.empty();
    }
    try (RunFolder folder = unfinished.get()) {
      RunPlan plan = folder.plan();
      if (PastRun.haveOvertaken(plan, PastRun.of(publisher.events()))) {
        log.info("run {}: dropped, since another run has used its labels", plan.runId());
        folder.delete();
        return Optional.empty();
      }
      if (folder.isGivenUp()) {
        giveUp(folder, plan);
        return Optional.empty();
      }
      return Optional.of(attemptOrBegin(folder, plan, listener, stop));
    }
  }

  private RetrainingOutcome attemptOrBegin(
      RunFolder folder, RunPlan plan, TrainingListener listener, BooleanSupplier stop) {
    try {
      return attempt(folder, plan, listener, stop);
    } catch (ErasedScanException e) {
      return begin(plan.labels(), listener, stop);
    }
  }

  private RetrainingOutcome attempt(
      RunFolder folder, RunPlan plan, TrainingListener listener, BooleanSupplier stop) {
    folder.attempt();
    try (TrainingSet set = open(folder)) {
      return new PlannedRun(kafka, config, clock, plan, folder, set).train(listener, stop);
    } catch (CancellationException | KafkaException e) {
      folder.takeBackAttempt();
      throw e;
    } catch (ErasedScanException e) {
      throw e;
    } catch (RuntimeException e) {
      if (folder.isGivenUp()) {
        giveUp(folder, plan);
      }
      throw e;
    }
  }

  /**
   * Its labels count as used, so that the next run waits for new ones and does not fill the disk.
   */
  private void giveUp(RunFolder folder, RunPlan plan) {
    publisher.refuse(plan, "given up after repeated failures; see the log");
    log.warn("run {} failed repeatedly and is given up", plan.runId());
    folder.delete();
  }

  private RetrainingOutcome begin(
      Map<Integer, Long> labels, TrainingListener listener, BooleanSupplier stop) {
    while (true) {
      try (RunFolder folder = newRun();
          TrainingSet set = create(folder)) {
        RunPlan plan = start(folder, set, labels, listener, stop);
        return new PlannedRun(kafka, config, clock, plan, folder, set).train(listener, stop);
      } catch (ErasedScanException e) {
        log.info("starting another run");
      }
    }
  }

  private Optional<RunFolder> unfinished() {
    return folders()
        .unfinished(
            plan ->
                plan.isResumableWith(
                    source(), config.training().toSettings(), ComputeDevice.current()));
  }

  private RunFolders folders() {
    return new RunFolders(config.spoolDirectory());
  }

  private String source() {
    return "model %s from %s on cluster %s"
        .formatted(config.modelName(), kafka.topics().labeledVolumes().name(), kafka.clusterId());
  }

  private RunFolder newRun() {
    String runId =
        RUN_TIME.format(clock.instant()) + "-" + UUID.randomUUID().toString().substring(0, 8);
    return folders().create(runId);
  }

  private TrainingSet open(RunFolder folder) {
    return TrainingSet.open(folder.trainingSet(), config.training().shape());
  }

  private TrainingSet create(RunFolder folder) {
    return TrainingSet.create(folder.trainingSet(), config.training().shape());
  }

  private RunPlan start(
      RunFolder folder,
      TrainingSet set,
      Map<Integer, Long> labels,
      TrainingListener listener,
      BooleanSupplier stop) {
    Map<Integer, Long> snapshot =
        LabeledVolumesSnapshot.spool(kafka, set, config.training(), listener, stop);
    set.force();
    try (ModelCatalogue catalogue = catalogue()) {
      Split fractions = config.training().split();
      Split split =
          Stratification.recorded(catalogue)
              .map(recorded -> fractions.withDraw(recorded.draw()))
              .orElseGet(() -> Stratification.of(set.examples(), fractions));
      RunPlan plan =
          new RunPlan(
              folder.runId(),
              source(),
              config.training().toSettings(),
              CodeVersion.current(),
              ComputeDevice.current(),
              snapshot,
              labels,
              PastRun.of(publisher.events()).size(),
              set.leftOut(split),
              splits(split, catalogue.champion()),
              catalogue.champion().map(ModelVersion::getVersion).orElse(null));
      folder.start(plan);
      return plan;
    }
  }

  private List<LearnedSplit> splits(Split split, Optional<ModelVersion> champion) {
    List<LearnedSplit> ofParents =
        config.training().initialWeights() == InitialWeights.CHAMPION
            ? champion.map(version -> LearnedSplit.of(version.getLineage())).orElse(List.of())
            : List.of();
    return LearnedSplit.startingFrom(new LearnedSplit(SplitKey.STUDY_OR_SCAN, split), ofParents);
  }

  private ModelCatalogue catalogue() {
    return new ModelCatalogue(kafka, config.modelName()).refresh();
  }
}
