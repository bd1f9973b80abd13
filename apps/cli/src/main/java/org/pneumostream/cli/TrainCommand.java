package org.pneumostream.cli;

import java.util.concurrent.Callable;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.terminal.TrainingProgress;
import org.pneumostream.trainer.RetrainingOutcome;
import org.pneumostream.trainer.TrainerService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Retrains now, in this process. */
@Command(
    name = "train",
    description = "Retrain from the labeled volumes, now.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Mixin private DataDirOptions connection;

  @Option(
      names = "--once",
      required = true,
      description = "Train once and exit; 'trainer' is the service that keeps running.")
  private boolean once;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = connection.settings();
    ConnectionOptions.connect(settings);
    RetrainingOutcome outcome =
        TrainerService.trainOnce(settings, new TrainingProgress(), () -> false);
    spec.commandLine().getOut().println(outcome.summary());
    return outcome.publication().isPresent() ? ExitStatus.DONE : ExitStatus.FAILED;
  }
}
