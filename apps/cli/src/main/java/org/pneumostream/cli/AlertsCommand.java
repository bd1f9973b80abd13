package org.pneumostream.cli;

import java.util.Locale;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import picocli.CommandLine.Command;

/** Shows predictions above the alert threshold. */
@Command(name = "alerts", description = "Show alerts, oldest first.")
final class AlertsCommand extends TailCommand<Alert> {
  @Override
  Topic<Alert> topic(Topics topics) {
    return topics.alerts();
  }

  @Override
  String line(String scanId, Alert alert) {
    return String.format(
        Locale.ROOT,
        "%s  %.12s  %5.1f %% abnormal, threshold %.1f %%  model %s",
        alert.getRaisedAt(),
        scanId,
        100 * alert.getProbabilityAbnormal(),
        100 * alert.getThreshold(),
        alert.getModelVersion());
  }
}
