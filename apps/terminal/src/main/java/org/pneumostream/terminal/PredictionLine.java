package org.pneumostream.terminal;

import java.time.Duration;
import java.util.Locale;
import org.pneumostream.schemas.Prediction;

/** Formats a prediction for people. */
public final class PredictionLine {
  private PredictionLine() {}

  /** Scan, finding, per cent, model, milliseconds from push to prediction, warnings. */
  public static String of(String scanId, Prediction prediction) {
    return String.format(
        Locale.ROOT,
        "%.12s  %-8s  %5.1f %% abnormal  model %s %s  %6d ms%s",
        scanId,
        prediction.getFinding(),
        100 * prediction.getProbabilityAbnormal(),
        prediction.getModelName(),
        prediction.getModelVersion(),
        millis(prediction),
        prediction.getWarnings().isEmpty() ? "" : "  " + prediction.getWarnings());
  }

  /** Time from push to prediction, in ms. */
  public static long millis(Prediction prediction) {
    return Duration.between(prediction.getReceivedAt(), prediction.getScoredAt()).toMillis();
  }
}
