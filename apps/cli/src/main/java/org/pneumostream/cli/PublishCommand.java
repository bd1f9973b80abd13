package org.pneumostream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.ingest.Outcome;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes scans from disk. */
@Command(
    name = "publish",
    description = "Publish scans from files, or from all scans in directories.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  @Mixin private DataDirOptions connection;

  @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Scans.")
  private List<Path> paths;

  @Option(names = "--label", paramLabel = "normal|abnormal", description = "A reader's finding.")
  private String label;

  @Option(
      names = "--study",
      paramLabel = "KEY",
      description =
          "Pseudonym of the patient (not of one study), since training and validation are"
              + " split by it.")
  private String study;

  @Spec private CommandSpec spec;

  private boolean failed;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Optional<Finding> finding =
        Optional.ofNullable(label).map(text -> Arguments.finding(spec, "--label", text));
    Provenance provenance =
        new Provenance(ScanSource.COMMAND_LINE, Optional.ofNullable(study), finding);
    Set<ScanFile> scans = scans();
    boolean published = false;
    Settings settings = connection.settings();
    ConnectionOptions.connect(settings);
    try (DirectIngest ingest = DirectIngest.open(settings)) {
      for (ScanFile scan : scans) {
        try {
          Outcome outcome = ingest.publish(scan, provenance);
          if (outcome instanceof Outcome.Accepted accepted) {
            out.printf("%s  %s%n", accepted.receipt().scanId(), scan.name());
            published = true;
          } else if (outcome instanceof Outcome.Rejected rejected) {
            failed = true;
            spec.commandLine()
                .getErr()
                .println("publish: " + scan.name() + ": " + rejected.message());
          }
        } catch (IOException e) {
          failed(e);
        }
        out.flush();
      }
    }
    if (published) {
      NoChampion.hint(settings)
          .ifPresent(hint -> spec.commandLine().getErr().println("publish: " + hint));
    }
    return failed ? ExitStatus.FAILED : ExitStatus.DONE;
  }

  /** The scans under the existing paths; reports the other paths. */
  private Set<ScanFile> scans() {
    Set<ScanFile> scans = new LinkedHashSet<>();
    for (Path path : paths) {
      try {
        scans.addAll(ScanFile.expand(List.of(path)));
      } catch (RejectedScanException | IOException e) {
        failed(e);
      }
    }
    return scans;
  }

  private void failed(Exception e) {
    failed = true;
    ExitStatus.of(e, spec.commandLine());
  }
}
