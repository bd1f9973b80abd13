package org.pneumostream.scorer;

import java.time.Duration;
import java.util.List;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;
import org.pneumostream.volume.InputShape;

/**
 * Configuration of the scorer.
 *
 * @param modelName model whose champion scores
 * @param inputShape the network's input shape
 * @param precision precision on a GPU; a CPU always uses full precision
 * @param batchMax most volumes scored at once, 1 to 64
 * @param batchWait how long a volume waits for others to fill its batch
 * @param alertThreshold probability of ABNORMAL from which an alert is raised, 0 to 1
 * @param lostPosition where to start if the position is lost and the outputs do not tell it
 * @param port port of health and metrics; 0 for any free one
 */
public record ScorerConfig(
    String modelName,
    InputShape inputShape,
    Precision precision,
    int batchMax,
    Duration batchWait,
    double alertThreshold,
    LostPosition lostPosition,
    int port) {

  public static final Setting<Precision> PRECISION =
      Setting.choice(
          "score-precision",
          Precision.FULL,
          Precision.class,
          "Precision that a GPU scores in; a CPU always scores in full precision.");
  public static final Setting<Integer> BATCH_MAX =
      Setting.integer("score-batch-max", 4, 1, 64, "Most volumes scored at once.");
  public static final Setting<Duration> BATCH_WAIT =
      Setting.duration(
          "score-batch-wait",
          "0 ms",
          Duration.ZERO,
          Duration.ofMinutes(1),
          "How long a volume waits for others to fill its batch, beyond those already waiting.");
  public static final Setting<Double> ALERT_THRESHOLD =
      Setting.decimal(
          "alert-threshold", 0.5, 0, 1, "Probability of ABNORMAL from which an alert is raised.");
  public static final Setting<Integer> PORT =
      Setting.integer("scorer-port", 8083, 0, 65535, "Port of the scorer's health and metrics.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(ScorerConfig.class);

  static ScorerConfig from(Settings settings) {
    return new ScorerConfig(
        settings.get(ModelSettings.NAME),
        settings.get(ModelSettings.INPUT_SHAPE),
        settings.get(PRECISION),
        settings.get(BATCH_MAX),
        settings.get(BATCH_WAIT),
        settings.get(ALERT_THRESHOLD),
        settings.get(LostPosition.SETTING),
        settings.get(PORT));
  }
}
