package org.pneumostream.trainer;

import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingRefusedException;
import org.pneumostream.training.TrainingResult;
import org.pneumostream.training.TrainingRun;
import org.pneumostream.training.TrainingSet;

/**
 * Repeats a published version's training from its lineage. The weights have the same hash if the
 * CPU's type, the number of engine threads and the software are the same and the labeled-volumes
 * topic still holds the scans of the snapshot. On a GPU they agree up to rounding.
 *
 * @param version as published, without its weights
 * @param weights of the repeated run
 */
public record Rerun(ModelVersion version, ModelWeights weights) {

  /** Whether the weights equal those of the version, bit for bit. */
  public boolean isSame() {
    return weights.hash().equals(version.getSha256());
  }

  /** The device that the version was trained on; empty if its lineage does not tell. */
  public Optional<ComputeDevice> trainedOn() {
    Lineage lineage = version.getLineage();
    return lineage == null || lineage.getDevice() == null
        ? Optional.empty()
        : Optional.of(new ComputeDevice(lineage.getDevice(), lineage.getThreads()));
  }

  /**
   * Repeats the run of a version.
   *
   * @param model name of the model
   * @param spool file for the training set, which must not exist yet
   * @param stop checked repeatedly; true ends the run
   * @throws NoSuchElementException if the version does not exist
   * @throws TrainingRefusedException if it was not trained here, or labels have changed since
   * @throws CancellationException if it was stopped
   */
  public static Rerun of(
      KafkaConnection kafka,
      String model,
      String version,
      Path spool,
      TrainingListener listener,
      BooleanSupplier stop) {
    ModelVersion published;
    Lineage lineage;
    ModelWeights initial;
    TrainingConfig config;
    List<LearnedSplit> splits;
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, model).refresh()) {
      published = ModelVersion.newBuilder(catalogue.withWeights(version)).setWeights(null).build();
      lineage = lineage(published);
      splits = LearnedSplit.of(lineage);
      config = TrainingConfig.of(lineage).with(splits.get(0).split());
      initial =
          config
              .initialWeights()
              .of(catalogue, Optional.ofNullable(lineage.getParent()), config.seed());
    }
    try (TrainingSet set = TrainingSet.create(spool, config.shape())) {
      LabeledVolumesSnapshot.spoolAgain(kafka, lineage, set, config, listener, stop);
      TrainingCounts counts = TrainingCounts.of(set, config.split());
      requireSame(counts, lineage);
      TrainingResult result = new TrainingRun(config, set).run(initial, listener, stop);
      ModelWeights weights = LearnedSplit.note(splits, result.weights());
      return new Rerun(published, Candidate.named(weights, model, version));
    }
  }

  /** How the version was trained. */
  private static Lineage lineage(ModelVersion version) {
    Lineage lineage = version.getLineage();
    if (lineage == null
        || !lineage.getSettings().containsKey(TrainingConfig.EPOCHS.key())
        || lineage.getSplit() == null
        || LearnedSplit.of(lineage).isEmpty()
        || TrainingCounts.from(lineage).isEmpty()) {
      throw new TrainingRefusedException(
          "version %s cannot be made again: it was imported, or is too old"
              .formatted(version.getVersion()));
    }
    return lineage;
  }

  private static void requireSame(TrainingCounts found, Lineage lineage) {
    TrainingCounts expected = TrainingCounts.from(lineage).orElseThrow();
    if (!found.equals(expected)) {
      throw new TrainingRefusedException(
          "labels have changed since, or scans were erased: found %s, expected %s"
              .formatted(found, expected));
    }
  }
}
