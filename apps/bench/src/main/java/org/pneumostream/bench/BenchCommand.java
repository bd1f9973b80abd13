package org.pneumostream.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.pneumostream.cli.Subcommand;
import org.pneumostream.offline.ScanReading;
import org.pneumostream.phantom.Phantom;
import org.pneumostream.phantom.PhantomFinding;
import org.pneumostream.phantom.PhantomSize;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.volume.InputShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures parts of the system on this machine, each against a baseline. */
@Command(
    name = "bench",
    description = "Measure the speed of the parts on this machine.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Subcommand {
  private static final PhantomSize HOSPITAL_SIZE = new PhantomSize(512, 512, 40);

  /** Options of benchmarks that run the network. */
  static final class NetworkOptions {
    @Option(names = "--shape", paramLabel = "WxHxD", defaultValue = "128x128x64")
    private String shape;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private InputShape shape() {
      try {
        return InputShape.forNetwork(shape);
      } catch (IllegalArgumentException e) {
        throw Arguments.wrong(spec, "--shape: " + e.getMessage());
      }
    }

    private NetworkBench bench(int runs) {
      return new NetworkBench(shape(), atLeastOne("--runs", runs));
    }

    private int atLeastOne(String option, int number) {
      return BenchCommand.atLeastOne(spec, option, number);
    }

    private PhantomSize size(String text) {
      try {
        return PhantomSize.parse(text);
      } catch (IllegalArgumentException e) {
        throw Arguments.wrong(spec, "--size: " + e.getMessage());
      }
    }
  }

  @Spec private CommandSpec spec;

  @Command(
      name = "preprocess",
      description = "Preprocess a .nii.gz, compared with inflating alone.",
      mixinStandardHelpOptions = true)
  void preprocess(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "A .nii.gz (default: a synthetic one of 512x512x40).")
          Path file,
      @Option(names = "--runs", defaultValue = "21", description = "Default: ${DEFAULT-VALUE}.")
          int runs,
      @Option(names = "--json", description = "One JSON object.") boolean json)
      throws Exception {
    atLeastOne(Arguments.subcommand(spec, "preprocess"), "--runs", runs);
    if (file != null) {
      ScanReading.of(file, Preprocessing.DEFAULT::apply); // Refuses what cannot be measured.
    }
    print(
        new PreprocessBench(file == null ? phantom() : Files.readAllBytes(file), runs).run(), json);
  }

  @Command(
      name = "score",
      description = "One forward pass, in turn with the same network computed layer by layer.",
      mixinStandardHelpOptions = true)
  void score(
      @Mixin NetworkOptions options,
      @Option(names = "--runs", defaultValue = "15", description = "Default: ${DEFAULT-VALUE}.")
          int runs)
      throws Exception {
    print(options.bench(runs).score(), options.json);
  }

  @Command(
      name = "train",
      description =
          "One optimizer step on two scans, in turn with the same network computed"
              + " layer by layer.",
      mixinStandardHelpOptions = true)
  void train(
      @Mixin NetworkOptions options,
      @Option(names = "--runs", defaultValue = "15", description = "Default: ${DEFAULT-VALUE}.")
          int runs)
      throws Exception {
    print(options.bench(runs).train(), options.json);
  }

  @Command(
      name = "swap",
      description = "Stream volumes through a scorer while models become champion in turn.",
      mixinStandardHelpOptions = true)
  void swap(
      @Mixin NetworkOptions options,
      @Option(names = "--swaps", defaultValue = "50", description = "Default: ${DEFAULT-VALUE}.")
          int swaps)
      throws Exception {
    int checked = options.atLeastOne("--swaps", swaps);
    print(new SwapBench(options.shape(), checked).run(), options.json);
  }

  @Command(
      name = "stream",
      description = {
        "Overhead of the stream over preprocessing and inference, one synthetic scan at a time;",
        "then throughput with a backlog of volumes."
      },
      mixinStandardHelpOptions = true)
  void stream(
      @Mixin NetworkOptions options,
      @Option(
              names = "--size",
              paramLabel = "WxHxD",
              defaultValue = "128x128x48",
              description = "Size of the scans. Default: ${DEFAULT-VALUE}.")
          String size,
      @Option(names = "--runs", defaultValue = "200", description = "Default: ${DEFAULT-VALUE}.")
          int runs)
      throws Exception {
    int checked = options.atLeastOne("--runs", runs);
    print(new StreamBench(options.shape(), options.size(size), checked).run(), options.json);
  }

  @Command(
      name = "flush",
      description =
          "Write records that are flushed before they are acknowledged, and others in turn.",
      mixinStandardHelpOptions = true)
  void flush(
      @Option(names = "--runs", defaultValue = "200", description = "Default: ${DEFAULT-VALUE}.")
          int runs,
      @Option(names = "--json", description = "One JSON object.") boolean json)
      throws Exception {
    atLeastOne(Arguments.subcommand(spec, "flush"), "--runs", runs);
    print(new FlushBench(runs).run(), json);
  }

  private static int atLeastOne(CommandSpec command, String option, int number) {
    if (number < 1) {
      throw Arguments.wrong(command, option + ": " + number + ", expected at least 1");
    }
    return number;
  }

  private static byte[] phantom() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      Phantom.generate(1, PhantomFinding.ABNORMAL, HOSPITAL_SIZE).writeTo(gzip);
    }
    return bytes.toByteArray();
  }

  private void print(Map<String, Object> figures, boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(AvroJson.line(figures));
    } else {
      figures.forEach(
          (name, value) ->
              out.println(
                  value instanceof Double number
                      ? String.format(Locale.ROOT, "%-26s %.3f", name, number)
                      : String.format(Locale.ROOT, "%-26s %s", name, value)));
    }
    out.flush();
  }
}
