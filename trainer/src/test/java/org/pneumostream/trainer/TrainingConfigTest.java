package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.classifier.LearnerSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.training.InitialWeights;
import org.pneumostream.training.Split;
import org.pneumostream.training.TestLineage;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

class TrainingConfigTest {
  private static final List<Setting<?>> KNOWN =
      Stream.of(TrainerConfig.ALL, ModelSettings.ALL, List.of(DataDir.SETTING))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  @Test
  void defaultsAreTheReferences() {
    assertThat(config(Map.of()))
        .isEqualTo(
            new TrainingConfig(
                InputShape.FULL,
                1,
                OrientationPolicy.CANONICAL,
                100,
                2,
                LearnerSettings.reference(1),
                15,
                new Split(0.3, 0.1),
                true,
                InitialWeights.SCRATCH,
                5));
  }

  @Test
  void isRestoredFromTheLineage() {
    TrainingConfig config =
        new TrainingConfig(
            InputShape.SMALL,
            2,
            OrientationPolicy.AS_STORED,
            7,
            4,
            new LearnerSettings(3e-5, 10, 0.5, 0, 0.9, -12),
            0,
            new Split(0.25, 0.05),
            false,
            InitialWeights.CHAMPION,
            3);

    assertThat(config(config.toSettings())).isEqualTo(config);
    Lineage lineage = TestLineage.of(config.toSettings());
    assertThat(TrainingConfig.of(lineage)).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource({
    "train-epochs, 0",
    "train-batch-size, 1",
    "train-learning-rate, 0",
    "train-learning-rate, fast",
    "train-decay-rate, 1.1",
    "train-dropout, 1",
    "train-batch-norm-momentum, 1",
    "train-patience, -1",
    "train-validation-fraction, 1",
    "holdout-fraction, 0.7",
    "holdout-fraction, -0.1",
    "train-augment, yes",
    "train-initial-weights, random",
    "train-min-scans-per-class, 0",
    "input-shape, 128x128",
    "gate-metric, f1",
    "min-new-labels, 0",
    "retrain-interval, 0 s",
  })
  void refusesAValueOutOfRangeByItsKey(String key, String value) {
    assertThatThrownBy(() -> config(Map.of(key, value)))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith(key + ": ");
  }

  private static TrainingConfig config(Map<String, String> settings) {
    return TrainingConfig.from(Settings.of(KNOWN, settings));
  }
}
