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
 * Makes a published version again from its lineage. On a CPU of the same make, with as many threads
 * of the engine, with the same software and as long as the labeled-volumes topic still holds the
 * scans of its snapshot, the weights have the same hash. On a GPU they are the same but for
 * rounding.
 *
 * @param version as it was published, without its weights
 * @param weights as they were made again
 */
public record Rerun(ModelVersion version, ModelWeights weights) {

  /** Whether the weights are those of the version, bit for bit. */
  public boolean isSame() {
    return weights.hash().equals(version.getSha256());
  }

  /** What the version was trained on; empty if its lineage does not say. */
  public Optional<ComputeDevice> trainedOn() {
    Lineage lineage = version.getLineage();
    return lineage == null || lineage.getDevice() == null
        ? Optional.empty()
        : Optional.of(new ComputeDevice(lineage.getDevice(), lineage.getThreads()));
  }

  /**
   * Trains again as the run of a version did.
   *
   * @param model name of the model
   * @param spool file for the training set, which must not exist yet
   * @param stop asked again and again; true ends the run
   * @throws NoSuchElementException if there is no such version
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
          "labels have changed since, or scans were erased: %s, expected %s"
              .formatted(found, expected));
    }
  }
}
