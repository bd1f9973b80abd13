package org.pneumostream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.offline.ModelFile;
import org.pneumostream.picture.TrainingCurves;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.terminal.TrainingProgress;
import org.pneumostream.trainer.Rerun;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.InitialWeights;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;
import org.pneumostream.training.Stratification;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingResult;
import org.pneumostream.training.TrainingRun;
import org.pneumostream.training.TrainingSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The reference's training, offline: trains a network on two folders of scans, or repeats the
 * training of a version.
 */
@Command(
    name = "fit",
    description = "Train a network on the scans in DIR/normal and DIR/abnormal.",
    mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions options;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Contains the folders normal and abnormal.")
  private Path directory;

  @Option(
      names = "--from-run",
      paramLabel = "V",
      description = "Reproduce version V of the model from its lineage.")
  private String fromRun;

  @Option(names = "--out", required = true, paramLabel = "M.safetensors", description = "Weights.")
  private Path out;

  @Option(names = "--epochs", paramLabel = "N", description = "Most epochs (default: 100).")
  private Integer epochs;

  @Option(names = "--seed", paramLabel = "S", description = "The same seed gives the same weights.")
  private Long seed;

  @Option(names = "--png", paramLabel = "F.png", description = "Draw accuracy and loss by epoch.")
  private Path png;

  @Option(names = "--json", description = "One JSON object an epoch, and one for the model.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if ((directory == null) == (fromRun == null)) {
      throw Arguments.wrong(spec, "expected either DIR or --from-run V");
    }
    if (fromRun != null && !given().isEmpty()) {
      throw Arguments.wrong(
          spec, "--epochs and --seed cannot be combined with --from-run " + fromRun);
    }
    requireFolder(out);
    if (png != null) {
      requireFolder(png);
    }
    Path spool = Files.createTempDirectory("pneumostream-fit").resolve("training-set");
    try {
      return fromRun == null ? fit(spool) : fitAgain(spool);
    } finally {
      Files.deleteIfExists(spool);
      Files.delete(spool.getParent());
    }
  }

  private int fit(Path spool) throws IOException, RejectedScanException {
    Settings settings = options.settings(given());
    TrainingConfig fractions = TrainingConfig.from(settings);
    if (fractions.initialWeights() != InitialWeights.SCRATCH) {
      throw new SettingException(
          TrainingConfig.INITIAL_WEIGHTS.key()
              + ": 'champion', expected 'scratch', since"
              + " there is no champion offline");
    }
    LabeledFolders scans = new LabeledFolders(directory, e -> ExitStatus.of(e, spec.commandLine()));
    try (TrainingSet set = TrainingSet.create(spool, fractions.shape())) {
      if (!scans.putInto(set, PreprocessConfig.preprocessing(settings))) {
        return ExitStatus.FAILED;
      }
      Split split = Stratification.of(set.examples(), fractions.split());
      TrainingConfig config = fractions.with(split);
      set.leftOut(split).forEach(this::warn);
      TrainingResult result =
          new TrainingRun(config, set)
              .run(ModelWeights.initial(config.seed()), listener(), () -> false);
      ModelWeights weights =
          LearnedSplit.note(
              List.of(new LearnedSplit(SplitKey.SCAN, split)),
              withSynthetic(result.weights(), scans));
      Files.write(out, weights.toSafetensors());
      report(result, weights, FitFigures.of(config, set, weights));
      draw(weights, result.epochs());
    }
    return ExitStatus.DONE;
  }

  private void warn(String reason, long scans) {
    spec.commandLine().getErr().printf("fit: excluded %d scans: %s%n", scans, reason);
  }

  private static ModelWeights withSynthetic(ModelWeights weights, LabeledFolders scans) {
    return scans.synthetic() == 0
        ? weights
        : weights.withMetadata(
            Map.of(
                ModelMetadata.SYNTHETIC,
                "%d of %d scans".formatted(scans.synthetic(), scans.count())));
  }

  /** The scans of the run, as far as the topic still holds them. */
  private int fitAgain(Path spool) throws IOException {
    Settings settings = options.settings(Map.of());
    EpochList epochs = new EpochList();
    Rerun rerun =
        Rerun.of(
            ConnectionOptions.connect(settings),
            settings.get(ModelSettings.NAME),
            fromRun,
            spool,
            listener().andThen(epochs),
            () -> false);
    Files.write(out, rerun.weights().toSafetensors());
    print(
        Map.of("sha256", rerun.weights().hash(), "same", rerun.isSame()),
        List.of("SHA-256 " + rerun.weights().hash()));
    draw(rerun.weights(), epochs.results);
    if (!rerun.isSame()) {
      throw new IllegalStateException(
          ("SHA-256 of the weights: %s, expected %s as version %s, which was trained on %s;"
                  + " this is %s")
              .formatted(
                  rerun.weights().hash(),
                  rerun.version().getSha256(),
                  fromRun,
                  rerun.trainedOn().map(ComputeDevice::toString).orElse("an unknown device"),
                  ComputeDevice.current()));
    }
    return ExitStatus.DONE;
  }

  private TrainingListener listener() {
    return new TrainingProgress().andThen(epochPrinter());
  }

  private static final class EpochList implements TrainingListener {
    final List<EpochResult> results = new ArrayList<>();

    @Override
    public void epoch(EpochResult result) {
      results.add(result);
    }
  }

  /** Training may take hours, so it must not start if its result could not be written. */
  private static void requireFolder(Path out) throws NoSuchFileException {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
  }

  private Map<String, String> given() {
    Map<String, String> given = new HashMap<>();
    if (epochs != null) {
      given.put(TrainingConfig.EPOCHS.key(), epochs.toString());
    }
    if (seed != null) {
      given.put(TrainingConfig.SEED.key(), seed.toString());
    }
    return given;
  }

  private void report(TrainingResult result, ModelWeights weights, List<FitFigures> figures) {
    Map<String, Object> object = new TreeMap<>();
    object.put("bestEpoch", result.bestEpoch());
    object.put("sha256", weights.hash());
    List<String> lines = new ArrayList<>();
    lines.add("weights of epoch %d, SHA-256 %s".formatted(result.bestEpoch(), weights.hash()));
    for (FitFigures subset : figures) {
      object.put(subset.name(), subset.toJson());
      lines.add(subset.toString());
    }
    print(object, lines);
  }

  private void draw(ModelWeights weights, List<EpochResult> epochs) throws IOException {
    if (png == null) {
      return;
    }
    String title = ModelFile.of(weights).title(Arguments.name(out));
    new TrainingCurves(title, epochs.stream().map(FitCommand::point).toList()).writeTo(png);
  }

  private static TrainingCurves.Epoch point(EpochResult epoch) {
    return new TrainingCurves.Epoch(
        epoch.epoch(),
        epoch.accuracy(),
        epoch.validation().accuracy(),
        epoch.loss(),
        epoch.validation().loss());
  }

  private TrainingListener epochPrinter() {
    return new TrainingListener() {
      @Override
      public void epoch(EpochResult result) {
        if (json) {
          print(
              Map.of(
                  "epoch", result.epoch(),
                  "loss", result.loss(),
                  "accuracy", result.accuracy(),
                  "validationLoss", result.validation().loss(),
                  "validationAccuracy", result.validation().accuracy(),
                  "seconds", result.seconds()),
              List.of());
        }
      }
    };
  }

  private void print(Map<String, Object> object, List<String> lines) {
    PrintWriter writer = spec.commandLine().getOut();
    (json ? List.of(AvroJson.line(new TreeMap<>(object))) : lines).forEach(writer::println);
    writer.flush();
  }
}
