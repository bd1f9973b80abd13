package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.OverflowingWeights;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Evaluation;
import org.pneumostream.training.Example;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.Subset;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TestLineage;
import org.pneumostream.training.TestScores;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingSet;
import org.pneumostream.volume.InputShape;

class EvaluationTest {
  private static final List<Setting<?>> KNOWN =
      Stream.concat(TrainingConfig.ALL.stream(), ModelSettings.ALL.stream()).toList();
  private static final ModelWeights WEIGHTS = ModelWeights.initial(3);

  @TempDir Path folder;
  private final TrainingConfig config =
      TrainingConfig.from(
          Settings.of(KNOWN, Map.of("input-shape", SyntheticScans.SHAPE.toString())));
  private TrainingSet set;
  private Evaluation evaluation;

  @BeforeEach
  void spool() {
    set = TrainingSet.create(folder.resolve("set"), SyntheticScans.SHAPE);
    for (int i = 0; i < 10; i++) {
      String scanId = SyntheticScans.scanId(i);
      set.put(scanId, scanId, SyntheticScans.finding(i), SyntheticScans.voxels(i));
    }
    evaluation = new Evaluation(config, set, () -> false);
  }

  @AfterEach
  void close() {
    set.close();
  }

  @Test
  void scoresTheValidationScansAsTheNetworkDoes() {
    List<Example> validation = set.examples(config.split(), Subset.VALIDATION);
    float[] probabilities;
    try (Network network = Network.load(WEIGHTS, SyntheticScans.SHAPE)) {
      probabilities = network.probabilities(validation.stream().map(set::fixedPoint).toList());
    }
    Metrics expected = Metrics.of(probabilities, Example.labels(validation));

    Metrics metrics = evaluation.of(WEIGHTS).validation().metrics();

    assertThat(metrics.scans()).isEqualTo(validation.size()).isBetween(1, 9);
    assertThat(metrics.loss()).isCloseTo(expected.loss(), within(1e-5));
    Assessment published = evaluation.of(version(SyntheticScans.SHAPE, 1));
    assertThat(published.validation().metrics()).isEqualTo(metrics);
    assertThat(published.holdout().examples())
        .isEqualTo(set.examples(config.split(), Subset.HOLDOUT));
  }

  @Test
  void refusesAVersionForOtherScans() {
    assertThatThrownBy(() -> evaluation.of(version(InputShape.FULL, 1)))
        .isInstanceOf(ModelException.class)
        .hasMessage("it takes shape 128x128x64, the scans have 48x48x48");
    assertThatThrownBy(() -> evaluation.of(version(SyntheticScans.SHAPE, 2)))
        .isInstanceOf(ModelException.class)
        .hasMessage("it takes preprocessing version 2, the scans have 1");
  }

  @Test
  void refusesWeightsThatOverflowEvenWithoutScans() {
    try (TrainingSet empty = TrainingSet.create(folder.resolve("empty"), SyntheticScans.SHAPE)) {
      Evaluation withoutScans = new Evaluation(config, empty, () -> false);

      assertThatThrownBy(() -> withoutScans.of(OverflowingWeights.of(SyntheticScans.SHAPE)))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("the network's output must be finite but is ");
    }
  }

  @Test
  void stopsWhenAsked() {
    Evaluation stopped = new Evaluation(config, set, () -> true);

    assertThatThrownBy(() -> stopped.of(WEIGHTS)).isInstanceOf(CancellationException.class);
  }

  private static ModelVersion version(InputShape shape, int preprocessingVersion) {
    Lineage lineage = TestLineage.of(Map.of());
    ModelWeights weights =
        WEIGHTS.withMetadata(
            Map.of(
                "input_shape", shape.toString(),
                "preprocessing_version", Integer.toString(preprocessingVersion)));
    Assessment assessment = TestScores.assessment(0.5);
    return new Candidate(weights, assessment, lineage, ModelEventType.TRAINED, "a test")
        .toRecord("pneumonia", "1", assessment, Instant.EPOCH);
  }
}
