package org.pneumostream.trainer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.settings.DataDir;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.training.Gate;
import org.pneumostream.training.GateMetric;
import org.pneumostream.training.TrainingConfig;

/**
 * Configuration of the trainer: when and how it trains, and how the result is judged.
 *
 * @param modelName model to train
 * @param training parameters of a run
 * @param gate decides between candidate and champion
 * @param minNewLabels newly labeled scans that start a run, at least 1
 * @param retrainInterval time after the last run that starts one, if there is a new label
 * @param spoolDirectory directory of spooled training sets
 * @param port port of health and metrics; 0 for any free one
 */
public record TrainerConfig(
    String modelName,
    TrainingConfig training,
    Gate gate,
    int minNewLabels,
    Duration retrainInterval,
    Path spoolDirectory,
    int port) {
  public static final Setting<GateMetric> GATE_METRIC =
      Setting.choice(
          "gate-metric",
          GateMetric.AUROC,
          GateMetric.class,
          "Metric in which a candidate must beat the champion, on the same validation scans.");
  public static final Setting<Boolean> GATE_SIGNIFICANT =
      Setting.flag(
          "gate-significant",
          false,
          "Whether the whole 95 % bootstrap interval of the difference must favour the candidate.");
  public static final Setting<Integer> MIN_NEW_LABELS =
      Setting.integer(
          "min-new-labels",
          20,
          1,
          10_000_000,
          "Newly labeled scans since the last training run that start the next one.");
  public static final Setting<Duration> RETRAIN_INTERVAL =
      Setting.duration(
          "retrain-interval",
          "24 h",
          Duration.ofSeconds(1),
          Duration.ofDays(3650),
          "Time since the last training run after which one new label starts the next.");
  public static final Setting<Integer> PORT =
      Setting.integer("trainer-port", 8084, 0, 65535, "Port of the trainer's health and metrics.");

  /** Settings of the trainer, including those of a run. */
  public static final List<Setting<?>> ALL =
      Setting.declaredIn(TrainerConfig.class, TrainingConfig.class);

  public TrainerConfig {
    if (!modelName.matches("[A-Za-z0-9._-]+")) {
      throw new SettingException(
          ModelSettings.NAME.key(), modelName, "letters, digits, '.', '_' or '-'");
    }
    if (minNewLabels < 1) {
      throw new SettingException(
          MIN_NEW_LABELS.key(), Integer.toString(minNewLabels), MIN_NEW_LABELS.expected());
    }
  }

  public static TrainerConfig from(Settings settings) {
    return new TrainerConfig(
        settings.get(ModelSettings.NAME),
        TrainingConfig.from(settings),
        new Gate(settings.get(GATE_METRIC), settings.get(GATE_SIGNIFICANT)),
        settings.get(MIN_NEW_LABELS),
        settings.get(RETRAIN_INTERVAL),
        settings.get(DataDir.SETTING).resolve("trainer"),
        settings.get(PORT));
  }
}
