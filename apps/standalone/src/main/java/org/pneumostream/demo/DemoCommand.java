package org.pneumostream.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.pneumostream.cli.ConnectionOptions;
import org.pneumostream.cli.Foreground;
import org.pneumostream.cli.Subcommand;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.standalone.Standalone;
import org.pneumostream.standalone.StandaloneCommand;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.terminal.TrainingProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole system on this machine, with scans flowing through it. */
@Command(
    name = "demo",
    description = "Run the whole system on this machine, with scans flowing through it.",
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer>, Subcommand {
  /** System property with which the launcher names the project's folder. */
  private static final String HOME_PROPERTY = "pneumostream.home";

  private static final int LEAST_SCANS = 24;

  /** Settings that make the demo quick on a machine without a GPU; {@code --set} overrides them. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          // Open, but to this machine only.
          HttpConfig.HOST.key(),
          "127.0.0.1",
          HttpConfig.TOKENS.key(),
          "",
          HttpConfig.TOKENS_FILE.key(),
          "",
          HttpConfig.KEYSTORE.key(),
          "",
          // A few epochs from the shipped model, instead of a hundred from scratch.
          "train-initial-weights",
          "champion",
          "train-epochs",
          "3",
          "train-min-scans-per-class",
          "2",
          // On a dozen scans two good models often rank alike; their loss still differs.
          "gate-metric",
          "loss",
          // The demo itself requests the retraining.
          "min-new-labels",
          "1000000");

  @Mixin private ConnectionOptions connection;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "data/demo",
      description = "Directory for all files (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory;

  @Option(names = "--exit", description = "Exit after the summary instead of running on.")
  private boolean exit;

  @Option(
      names = "--scans",
      paramLabel = "N",
      defaultValue = "72",
      description = "Number of synthetic scans to push (default: ${DEFAULT-VALUE}).")
  private int scans;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (scans < LEAST_SCANS) {
      throw Arguments.wrong(spec, "--scans: " + scans + ", expected at least " + LEAST_SCANS);
    }
    System.out.println("Starting Kafka, the schema registry and the services");
    return Foreground.run(
        () -> Standalone.start(connection.settings(settings()), new TrainingProgress()),
        this::demonstrate);
  }

  /** Runs the demo beside the system; completes when either ends. */
  private CompletableFuture<?> demonstrate(Standalone standalone) {
    StandaloneCommand.printAddresses(spec.commandLine().getOut(), standalone);
    CompletableFuture<Integer> end = new CompletableFuture<>();
    Thread show = new Thread(() -> show(standalone, end), "demo");
    show.setDaemon(true);
    show.start();
    return CompletableFuture.anyOf(standalone.stopped(), end);
  }

  private void show(Standalone standalone, CompletableFuture<Integer> end) {
    try {
      boolean complete = new Demo(standalone, System.out, scans, samples()).run();
      printNext();
      if (exit) {
        end.complete(complete ? ExitStatus.DONE : ExitStatus.FAILED);
      }
    } catch (Throwable e) {
      // Includes Errors, which nobody else would report.
      end.completeExceptionally(e);
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
    settings.putAll(connection.given());
    settings.put("data-dir", dataDirectory.toString());
    return settings;
  }

  private static List<Path> samples() throws IOException {
    Path samples = Path.of(System.getProperty(HOME_PROPERTY, "."), "samples");
    try (Stream<Path> files = Files.list(samples)) {
      return files.filter(file -> file.toString().endsWith(".nii.gz")).sorted().toList();
    }
  }

  private void printNext() {
    System.out.println(
        """

        The network was trained on synthetic scans. Its predictions show that the system works, not how
        accurate it would be in a hospital. For research use, not a medical device.
        """);
    if (!exit) {
      System.out.println(
          """
          The system keeps running; Ctrl-C stops it. In another terminal, try:
            ./pneumostream predictions
            ./pneumostream alerts --json
            ./pneumostream models
            curl --data-binary @SCAN.nii.gz http://127.0.0.1:8080/scans
          """);
    }
  }
}
