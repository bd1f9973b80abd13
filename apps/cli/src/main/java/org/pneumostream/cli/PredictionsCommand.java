package org.pneumostream.cli;

import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.terminal.PredictionLine;
import picocli.CommandLine.Command;

/** Shows predictions. */
@Command(name = "predictions", description = "Show predictions, oldest first.")
final class PredictionsCommand extends TailCommand<Prediction> {
  @Override
  Topic<Prediction> topic(Topics topics) {
    return topics.predictions();
  }

  @Override
  String line(String scanId, Prediction prediction) {
    return PredictionLine.of(scanId, prediction);
  }
}
