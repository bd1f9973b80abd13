package org.pneumostream.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pneumostream.classifier.LearnerSettings;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import org.pneumostream.volume.VolumeKind;

/**
 * Configuration of a training run: everything, besides the scans, that the resulting weights depend
 * on. The defaults are the reference's values.
 *
 * @param shape shape of the volumes
 * @param preprocessingVersion version of the volumes' preprocessing
 * @param orientation orientation of the volumes
 * @param epochs most epochs of the run
 * @param batchSize scans per optimizer step, at least 2, since BatchNorm compares them
 * @param learner optimizer, schedule, dropout, BatchNorm and the run's seed
 * @param patience epochs without a rise of validation accuracy after which the run ends; 0 for
 *     never
 * @param split division into training, validation and holdout
 * @param augment whether scans are rotated at random in training
 * @param initialWeights what the run starts from
 * @param minScansPerClass scans of each class that training needs
 */
public record TrainingConfig(
    InputShape shape,
    int preprocessingVersion,
    OrientationPolicy orientation,
    int epochs,
    int batchSize,
    LearnerSettings learner,
    int patience,
    Split split,
    boolean augment,
    InitialWeights initialWeights,
    int minScansPerClass) {
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  public static final Setting<Integer> PREPROCESSING_VERSION =
      Setting.integer(
          "train-preprocessing-version",
          1,
          1,
          1_000_000,
          "Preprocessing version of the volumes to train on.");
  public static final Setting<Integer> EPOCHS =
      Setting.integer("train-epochs", 100, 1, 100_000, "Most epochs of a training run.");
  public static final Setting<Integer> BATCH_SIZE =
      Setting.integer("train-batch-size", 2, 2, 256, "Scans per optimizer step.");
  public static final Setting<Double> LEARNING_RATE =
      Setting.decimal(
          "train-learning-rate", 1e-4, 1e-12, 10, "Adam's learning rate at the start of a run.");
  public static final Setting<Integer> DECAY_STEPS =
      Setting.integer(
          "train-decay-steps",
          100_000,
          1,
          Integer.MAX_VALUE,
          "Optimizer steps between two drops of the learning rate.");
  public static final Setting<Double> DECAY_RATE =
      Setting.decimal(
          "train-decay-rate", 0.96, 1e-6, 1, "Factor of each drop of the learning rate.");
  public static final Setting<Double> DROPOUT =
      Setting.decimal(
          "train-dropout", 0.3, 0, ALMOST_ONE, "Share of hidden values dropped in training.");
  public static final Setting<Double> BATCH_NORM_MOMENTUM =
      Setting.decimal(
          "train-batch-norm-momentum",
          0.99,
          0,
          ALMOST_ONE,
          "Weight of BatchNorm's old running statistics in each step.");
  public static final Setting<Integer> PATIENCE =
      Setting.integer(
          "train-patience",
          15,
          0,
          100_000,
          "Epochs without a rise of validation accuracy after which a run ends; 0 for never.");
  public static final Setting<Double> VALIDATION_FRACTION =
      Setting.decimal(
          "train-validation-fraction",
          0.3,
          0.01,
          0.99,
          "Share of the scans to validate on, by a hash of group key or scan id.");
  public static final Setting<Double> HOLDOUT_FRACTION =
      Setting.decimal(
          "holdout-fraction",
          0.1,
          0,
          0.9,
          "Share of the scans that no run trains or decides on; figures on them are only"
              + " reported.");
  public static final Setting<Boolean> AUGMENT =
      Setting.flag(
          "train-augment", true, "Whether scans are rotated by a random angle in training.");
  public static final Setting<Long> SEED =
      Setting.number(
          "train-seed", 1, "Seed of initial weights, shuffling, augmentation and dropout.");
  public static final Setting<InitialWeights> INITIAL_WEIGHTS =
      Setting.choice(
          "train-initial-weights",
          InitialWeights.SCRATCH,
          InitialWeights.class,
          "Weights that a run starts from: fresh ones or the champion's.");
  public static final Setting<Integer> MIN_SCANS_PER_CLASS =
      Setting.integer(
          "train-min-scans-per-class",
          5,
          1,
          1_000_000,
          "Least number of normal scans, and of abnormal scans, that a run needs; not counting"
              + " the holdout.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(TrainingConfig.class);

  public TrainingConfig {
    require(PREPROCESSING_VERSION, preprocessingVersion, preprocessingVersion >= 1);
    require(EPOCHS, epochs, epochs >= 1);
    require(BATCH_SIZE, batchSize, batchSize >= 2);
    require(PATIENCE, patience, patience >= 0);
    require(MIN_SCANS_PER_CLASS, minScansPerClass, minScansPerClass >= 1);
  }

  public static TrainingConfig from(Settings settings) {
    return new TrainingConfig(
        settings.get(ModelSettings.INPUT_SHAPE),
        settings.get(PREPROCESSING_VERSION),
        settings.get(ModelSettings.ORIENTATION),
        settings.get(EPOCHS),
        settings.get(BATCH_SIZE),
        new LearnerSettings(
            settings.get(LEARNING_RATE),
            settings.get(DECAY_STEPS),
            settings.get(DECAY_RATE),
            settings.get(DROPOUT),
            settings.get(BATCH_NORM_MOMENTUM),
            settings.get(SEED)),
        settings.get(PATIENCE),
        split(settings),
        settings.get(AUGMENT),
        settings.get(INITIAL_WEIGHTS),
        settings.get(MIN_SCANS_PER_CLASS));
  }

  /** A copy with another split. */
  public TrainingConfig with(Split other) {
    return new TrainingConfig(
        shape,
        preprocessingVersion,
        orientation,
        epochs,
        batchSize,
        learner,
        patience,
        other,
        augment,
        initialWeights,
        minScansPerClass);
  }

  public long seed() {
    return learner.seed();
  }

  /** The settings, by key, from which {@link #from} recreates this; for a run's lineage. */
  public Map<String, String> toSettings() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(ModelSettings.INPUT_SHAPE.key(), shape.toString());
    texts.put(PREPROCESSING_VERSION.key(), Integer.toString(preprocessingVersion));
    texts.put(ModelSettings.ORIENTATION.key(), orientation.toString());
    texts.put(EPOCHS.key(), Integer.toString(epochs));
    texts.put(BATCH_SIZE.key(), Integer.toString(batchSize));
    texts.put(LEARNING_RATE.key(), Double.toString(learner.learningRate()));
    texts.put(DECAY_STEPS.key(), Integer.toString(learner.decaySteps()));
    texts.put(DECAY_RATE.key(), Double.toString(learner.decayRate()));
    texts.put(DROPOUT.key(), Double.toString(learner.dropout()));
    texts.put(BATCH_NORM_MOMENTUM.key(), Double.toString(learner.batchNormMomentum()));
    texts.put(PATIENCE.key(), Integer.toString(patience));
    texts.put(VALIDATION_FRACTION.key(), Double.toString(split.validation()));
    texts.put(HOLDOUT_FRACTION.key(), Double.toString(split.holdout()));
    texts.put(AUGMENT.key(), Boolean.toString(augment));
    texts.put(SEED.key(), Long.toString(seed()));
    texts.put(INITIAL_WEIGHTS.key(), initialWeights.name().toLowerCase(Locale.ROOT));
    texts.put(MIN_SCANS_PER_CLASS.key(), Integer.toString(minScansPerClass));
    return texts;
  }

  /** Metadata of the weights that a run produces: their input and their training. */
  public Map<String, String> metadata(TrainingCounts counts) {
    Map<String, String> metadata = new LinkedHashMap<>(toSettings());
    metadata.remove(ModelSettings.INPUT_SHAPE.key());
    metadata.put(ModelMetadata.INPUT_SHAPE, shape.toString());
    metadata.remove(PREPROCESSING_VERSION.key());
    metadata.put(ModelMetadata.PREPROCESSING_VERSION, Integer.toString(preprocessingVersion));
    metadata.put(ModelMetadata.ORIENTATION, orientation.toString());
    metadata.put(ModelMetadata.TRAINING_SCANS, Integer.toString(counts.training().scans()));
    return metadata;
  }

  /**
   * The configuration of a run, from its lineage.
   *
   * @throws SettingException if the lineage names an unknown setting
   */
  public static TrainingConfig of(Lineage lineage) {
    List<Setting<?>> known = new ArrayList<>(ALL);
    known.addAll(List.of(ModelSettings.INPUT_SHAPE, ModelSettings.ORIENTATION));
    return from(Settings.of(known, lineage.getSettings()));
  }

  private static Split split(Settings settings) {
    try {
      return new Split(settings.get(VALIDATION_FRACTION), settings.get(HOLDOUT_FRACTION));
    } catch (IllegalArgumentException e) {
      throw new SettingException(HOLDOUT_FRACTION.key() + ": " + e.getMessage());
    }
  }

  /** The kind of volumes to train on. */
  public VolumeKind volumes() {
    return new VolumeKind(shape, preprocessingVersion, Optional.of(orientation));
  }

  private static void require(Setting<?> setting, Object value, boolean holds) {
    if (!holds) {
      throw new SettingException(setting.key(), value.toString(), setting.expected());
    }
  }
}
