package org.pneumostream.cli;

import java.util.concurrent.Callable;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a reader's finding. */
@Command(
    name = "label",
    description = "Label a scan; the latest label counts.",
    mixinStandardHelpOptions = true)
final class LabelCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Parameters(
      index = "0",
      paramLabel = "SCAN_ID",
      description = "The scan id that publish printed.")
  private String scanId;

  @Parameters(index = "1", paramLabel = "normal|abnormal", description = "The finding.")
  private String finding;

  @Option(
      names = "--annotator",
      paramLabel = "NAME",
      defaultValue = "command-line",
      description = "The reader's opaque name (default: ${DEFAULT-VALUE}).")
  private String annotator;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    var said = Arguments.finding(spec, "finding", finding);
    Settings settings = connection.settings();
    ConnectionOptions.connect(settings);
    try (DirectIngest ingest = DirectIngest.open(settings)) {
      ingest.label(scanId, said, annotator);
    }
    return ExitStatus.DONE;
  }
}
