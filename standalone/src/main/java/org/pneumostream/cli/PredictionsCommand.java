package org.pneumostream.cli;

import java.time.Duration;
import java.util.Locale;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import picocli.CommandLine.Command;

/** Shows what the network said. */
@Command(name = "predictions", description = "Show predictions, oldest first.")
final class PredictionsCommand extends TailCommand<Prediction> {
  @Override
  Topic<Prediction> topic(Topics topics) {
    return topics.predictions();
  }

  @Override
  String line(String scanId, Prediction prediction) {
    return describe(scanId, prediction);
  }

  /** Scan, finding, per cent, model, milliseconds from push to prediction, warnings. */
  static String describe(String scanId, Prediction prediction) {
    return String.format(
        Locale.ROOT,
        "%.12s  %-8s  %5.1f %% abnormal  model %s  %6d ms%s",
        scanId,
        prediction.getFinding(),
        100 * prediction.getProbabilityAbnormal(),
        prediction.getModelVersion(),
        Duration.between(prediction.getReceivedAt(), prediction.getScoredAt()).toMillis(),
        prediction.getWarnings().isEmpty() ? "" : "  " + prediction.getWarnings());
  }
}
