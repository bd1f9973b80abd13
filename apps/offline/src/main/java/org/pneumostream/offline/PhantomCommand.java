package org.pneumostream.offline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes synthetic chest CT. */
@Command(
    name = "phantom",
    description = "Write synthetic chest CT, half of it abnormal, to DIR/normal and DIR/abnormal.",
    mixinStandardHelpOptions = true)
public final class PhantomCommand implements Callable<Integer> {
  @Option(names = "--count", required = true, paramLabel = "N", description = "Total number.")
  private int count;

  @Option(
      names = "--seed",
      required = true,
      paramLabel = "S",
      description = "The same seed gives the same bytes.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write to.")
  private Path directory;

  @Option(
      names = "--size",
      paramLabel = "WxHxD",
      defaultValue = "512x512x40",
      description = "Voxels along the three axes (default: ${DEFAULT-VALUE}).")
  private String size;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (count < 1) {
      throw Arguments.wrong(spec, "--count: " + count + ", expected at least 1");
    }
    PhantomSize parsed = size();
    try (Progress progress = Progress.of("synthetic scans", count)) {
      for (int i = 0; i < count; i++) {
        PhantomFinding finding = i % 2 == 0 ? PhantomFinding.NORMAL : PhantomFinding.ABNORMAL;
        Path folder = Files.createDirectories(directory.resolve(finding.toString()));
        Phantom.generate(seed + i, finding, parsed)
            .writeTo(folder.resolve(String.format(Locale.ROOT, "phantom-%d.nii.gz", seed + i)));
        progress.to(i + 1);
      }
    }
    return ExitStatus.DONE;
  }

  private PhantomSize size() {
    try {
      return PhantomSize.parse(size);
    } catch (IllegalArgumentException e) {
      throw Arguments.wrong(spec, "--size: " + e.getMessage());
    }
  }
}
