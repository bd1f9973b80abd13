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
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.picture.TrainingCurves;
import org.pneumostream.preprocess.PreprocessConfig;
import org.pneumostream.preprocess.Preprocessing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.service.Settings;
import org.pneumostream.terminal.Progress;
import org.pneumostream.terminal.TrainingProgress;
import org.pneumostream.trainer.EpochResult;
import org.pneumostream.trainer.TrainingConfig;
import org.pneumostream.trainer.TrainingListener;
import org.pneumostream.trainer.TrainingResult;
import org.pneumostream.trainer.TrainingRun;
import org.pneumostream.trainer.TrainingSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The reference, offline: trains a network on two folders of scans. */
@Command(
    name = "fit",
    description = "Train a network on the scans in DIR/normal and DIR/abnormal.",
    mixinStandardHelpOptions = true)
final class FitCommand implements Callable<Integer> {
  @Mixin private SettingOptions options;

  @Parameters(paramLabel = "DIR", description = "Has the folders normal and abnormal.")
  private Path directory;

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
    Settings settings = options.settings(given());
    TrainingConfig config = TrainingConfig.from(settings);
    Preprocessing preprocessing = PreprocessConfig.preprocessing(settings);
    requireFolder(out);
    if (png != null) {
      requireFolder(png);
    }
    Path spool = Files.createTempDirectory("pneumostream-fit").resolve("training-set");
    try (TrainingSet set = TrainingSet.create(spool, config.shape())) {
      fill(set, preprocessing);
      TrainingResult result =
          new TrainingRun(config, set)
              .run(
                  ModelWeights.initial(config.seed()),
                  new TrainingProgress().andThen(epochPrinter()),
                  () -> false);
      ModelWeights weights = result.weights();
      Files.write(out, weights.toSafetensors());
      report(result, weights, FitFigures.of(config, set, weights));
      if (png != null) {
        draw(ModelFile.of(weights), result.epochs());
      }
    } finally {
      Files.deleteIfExists(spool);
      Files.delete(spool.getParent());
    }
    return Pneumostream.DONE;
  }

  /** Training may take hours: what would stop the writing of its result stops it before. */
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

  private void fill(TrainingSet set, Preprocessing preprocessing) throws Exception {
    List<ScanFile> normal = ScanFile.expand(List.of(directory.resolve("normal")));
    List<ScanFile> abnormal = ScanFile.expand(List.of(directory.resolve("abnormal")));
    try (Progress progress =
        Progress.of("building the training set", (long) normal.size() + abnormal.size())) {
      add(normal, Finding.NORMAL, set, preprocessing, progress, 0);
      add(abnormal, Finding.ABNORMAL, set, preprocessing, progress, normal.size());
    }
  }

  private static void add(
      List<ScanFile> scans,
      Finding finding,
      TrainingSet set,
      Preprocessing preprocessing,
      Progress progress,
      int done)
      throws IOException {
    for (int i = 0; i < scans.size(); i++) {
      short[] voxels =
          ScanReading.of(scans.get(i).file(), scan -> preprocessing.apply(scan).voxels());
      String id = scans.get(i).scanId();
      set.put(id, id, finding, voxels);
      progress.to(done + i + 1L);
    }
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
    print(object, String.join(System.lineSeparator(), lines));
  }

  private void draw(ModelFile model, List<EpochResult> epochs) throws IOException {
    String title = model.title(Arguments.name(out));
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
              "");
        }
      }
    };
  }

  private void print(Map<String, Object> object, String line) {
    PrintWriter writer = spec.commandLine().getOut();
    writer.println(json ? AvroJson.line(new TreeMap<>(object)) : line);
    writer.flush();
  }
}
