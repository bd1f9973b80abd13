package org.pneumostream.trainer;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.settings.Settings;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.CodeVersion;
import org.pneumostream.training.Evaluation;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Scores;
import org.pneumostream.training.Split;
import org.pneumostream.training.Stratification;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingSet;

/**
 * Imports a model made elsewhere: it becomes a version, and passes the same gate, on the same
 * scans, as one trained here.
 */
public final class ModelImport {
  private static final String RUN_ID_PREFIX = "import-";

  private ModelImport() {}

  /**
   * Imports a model. Without a labeled scan for the comparison, an existing champion stays.
   *
   * @param weights with the metadata of their file
   * @param listener receives the progress of reading the labeled volumes
   * @param stop checked repeatedly; true ends the import, and nothing is published
   * @throws ModelException if the model is for other volumes than the settings
   * @throws CancellationException if it was stopped
   */
  public static Publication run(
      Settings settings, ModelWeights weights, TrainingListener listener, BooleanSupplier stop) {
    TrainerConfig config = TrainerConfig.from(settings);
    requireFit(ModelMetadata.of(weights), config.training());
    KafkaConnection kafka = TrainerService.connect(settings);
    String runId = RUN_ID_PREFIX + UUID.randomUUID();
    try (RunFolder folder = new RunFolders(config.spoolDirectory()).create(runId);
        TrainingSet set = TrainingSet.create(folder.trainingSet(), config.training().shape())) {
      Map<Integer, Long> snapshot =
          LabeledVolumesSnapshot.spool(kafka, set, config.training(), listener, stop);
      Split split = split(kafka, config, set, weights);
      Evaluation evaluation = new Evaluation(config.training().with(split), set, stop);
      Assessment assessment = evaluation.of(weights);
      Candidate candidate =
          new Candidate(
              weights,
              assessment,
              lineage(runId, weights, snapshot, assessment),
              ModelEventType.IMPORTED,
              "SHA-256 of the file " + weights.hash());
      return ModelPublisher.over(kafka, config.modelName(), Clock.systemUTC())
          .publish(candidate, config.gate(), evaluation::of);
    }
  }

  /** The recorded split of the model, else that of the file. */
  private static Split split(
      KafkaConnection kafka, TrainerConfig config, TrainingSet set, ModelWeights weights) {
    Split fractions = config.training().split();
    List<LearnedSplit> ofFile = LearnedSplit.of(weights);
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, config.modelName()).refresh()) {
      return Stratification.recorded(catalogue)
          .or(() -> ofFile.stream().map(LearnedSplit::split).findFirst())
          .map(split -> fractions.withDraw(split.draw()))
          .orElseGet(() -> Stratification.of(set.examples(), fractions));
    }
  }

  private static void requireFit(ModelMetadata model, TrainingConfig config) {
    model
        .volumes()
        .requireFit(
            config.volumes(),
            difference ->
                new ModelException(
                    "%s of the model: %s, expected %s (settings)"
                        .formatted(difference.trait(), difference.expected(), difference.found())));
  }

  /** Settings and splits are known if this software made the model. */
  static Lineage lineage(
      String runId, ModelWeights weights, Map<Integer, Long> snapshot, Assessment assessment) {
    Map<String, String> settings = new HashMap<>();
    TrainingConfig.ALL.stream()
        .map(setting -> setting.key())
        .filter(weights.metadata()::containsKey)
        .forEach(key -> settings.put(key, weights.metadata().get(key)));
    List<LearnedSplit> splits = LearnedSplit.of(weights);
    Scores validation = assessment.validation().of(LearnedSplit.newToAll(splits));
    return Lineage.newBuilder()
        .setRunId(runId)
        .setSnapshot(Offsets.toRecord(snapshot))
        .setTrainingScans((int) number(weights, ModelMetadata.TRAINING_SCANS))
        .setValidationScans(validation.examples().size())
        .setSeed(number(weights, TrainingConfig.SEED.key()))
        .setSettings(settings)
        .setSplits(LearnedSplit.toLineage(splits))
        .setCodeVersion(CodeVersion.current())
        .build();
  }

  /** A number from the metadata; 0 if the file has none. */
  private static long number(ModelWeights weights, String key) {
    String text = weights.metadata().getOrDefault(key, "0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ModelException("metadata " + key + ": '" + text + "', expected a number", e);
    }
  }
}
