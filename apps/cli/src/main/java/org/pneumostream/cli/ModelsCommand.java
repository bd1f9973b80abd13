package org.pneumostream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.ShippedModel;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.offline.ModelFile;
import org.pneumostream.picture.TrainingCurves;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.TrainingEpoch;
import org.pneumostream.settings.Settings;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.AvroText;
import org.pneumostream.terminal.TrainingProgress;
import org.pneumostream.trainer.ModelImport;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.trainer.Publication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists and manages the versions of the model and its champion. */
@Command(
    name = "models",
    description = "List, show, promote, roll back, export and import models.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Runnable {
  private static final String REASON = "requested on the command line";

  @Mixin private ConnectionOptions connection;

  @Spec private CommandSpec spec;

  /** Lists them if there is no subcommand. */
  @Override
  public void run() {
    list(connection, false);
  }

  @Command(
      name = "list",
      description = "Every version, oldest first; * marks the champion.",
      mixinStandardHelpOptions = true)
  void list(
      @Mixin ConnectionOptions options,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    PrintWriter out = out();
    read(
        options,
        catalogue -> {
          String champion = catalogue.champion().map(ModelVersion::getVersion).orElse("");
          for (ModelVersion version : catalogue.versions()) {
            boolean inForce = version.getVersion().equals(champion);
            out.println(
                json ? AvroJson.line("champion", inForce, version) : line(version, inForce));
          }
          return null;
        });
    out.flush();
  }

  @Command(
      name = "show",
      description = "Show a version, its lineage and its run.",
      mixinStandardHelpOptions = true)
  void show(
      @Mixin ConnectionOptions options,
      @Parameters(paramLabel = "V", description = "Version.") String number,
      @Option(names = "--json", description = "Only the version, as one JSON object.") boolean json,
      @Option(
              names = "--png",
              paramLabel = "F.png",
              description = "Draw accuracy and loss by epoch.")
          Path png)
      throws IOException {
    PrintWriter out = out();
    ModelVersion version = read(options, catalogue -> catalogue.withWeights(number));
    String key = ModelCatalogue.key(version.getName(), number);
    List<TrainingEpoch> epochs = json && png == null ? List.of() : epochs(options, version);
    if (json) {
      out.println(AvroJson.line("key", key, version));
    } else {
      out.println(key);
      AvroText.lines(version).forEach(out::println);
      epochs.forEach(epoch -> out.println(line(epoch)));
    }
    out.flush();
    if (png != null) {
      curves(version, epochs).writeTo(png);
    }
  }

  @Command(
      name = "promote",
      description = "Make a version champion.",
      mixinStandardHelpOptions = true)
  void promote(
      @Mixin ConnectionOptions options,
      @Parameters(paramLabel = "V", description = "Version.") String number) {
    print(publisher(options).promote(number, REASON));
  }

  @Command(
      name = "rollback",
      description = "Restore the previous champion.",
      mixinStandardHelpOptions = true)
  void rollback(@Mixin ConnectionOptions options) {
    print(publisher(options).rollback(REASON));
  }

  @Command(
      name = "export",
      description = "Write a version's weights as safetensors.",
      mixinStandardHelpOptions = true)
  void export(
      @Mixin ConnectionOptions options,
      @Parameters(paramLabel = "V", description = "Version.") String number,
      @Option(names = "--out", required = true, paramLabel = "F.safetensors") Path file)
      throws IOException {
    Files.write(file, weights(read(options, catalogue -> catalogue.withWeights(number))));
  }

  @Command(
      name = "import",
      description = "Import a model as a version, which becomes champion if it passes the gate.",
      mixinStandardHelpOptions = true)
  void importModel(
      @Mixin ConnectionOptions options,
      @Parameters(
              arity = "0..1",
              paramLabel = "F.safetensors",
              description = "Model file (default: the shipped model, trained on phantoms).")
          Path file)
      throws IOException {
    ModelFile model = file == null ? ModelFile.of(ShippedModel.weights()) : ModelFile.read(file);
    Settings settings = options.settings();
    ConnectionOptions.connect(settings);
    Publication publication =
        ModelImport.run(settings, model.weights(), new TrainingProgress(), () -> false);
    out().println(publication.summary());
    out().flush();
  }

  /**
   * A version's weights.
   *
   * @throws NoSuchElementException if it carries none
   */
  static byte[] weights(ModelVersion version) {
    ByteBuffer weights = version.getWeights();
    if (weights == null) {
      throw new NoSuchElementException("version " + version.getVersion() + " carries no weights");
    }
    byte[] bytes = new byte[weights.remaining()];
    weights.duplicate().get(bytes);
    return bytes;
  }

  private void print(ModelVersion champion) {
    out().println("champion " + champion.getVersion());
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static <R> R read(ConnectionOptions options, Function<ModelCatalogue, R> read) {
    Settings settings = options.settings();
    KafkaConnection kafka = ConnectionOptions.connect(settings);
    try (ModelCatalogue catalogue = new ModelCatalogue(kafka, settings.get(ModelSettings.NAME))) {
      return read.apply(catalogue.refresh());
    }
  }

  /** The epochs of a version's run, in order; empty if it did not come from a run. */
  private List<TrainingEpoch> epochs(ConnectionOptions options, ModelVersion version) {
    List<TrainingEpoch> epochs = new ArrayList<>();
    if (version.getLineage() != null) {
      String run = version.getLineage().getRunId();
      KafkaConnection kafka = options.kafka();
      PrintWriter err = spec.commandLine().getErr();
      new TopicReader<>(kafka, kafka.topics().trainingEpochs(), err::println)
          .read(
              false,
              (record, epoch) -> {
                if (run.equals(record.key())) {
                  epochs.add(epoch);
                }
              });
    }
    return epochs;
  }

  private static TrainingCurves curves(ModelVersion version, List<TrainingEpoch> epochs) {
    if (epochs.isEmpty()) {
      throw new NoSuchElementException(
          "model %s %s: the epochs of its run have expired or never existed"
              .formatted(version.getName(), version.getVersion()));
    }
    return new TrainingCurves(
        ModelFile.of(ModelWeights.fromSafetensors(weights(version))).title(version.getName()),
        epochs.stream().map(ModelsCommand::point).toList());
  }

  private static TrainingCurves.Epoch point(TrainingEpoch epoch) {
    return new TrainingCurves.Epoch(
        epoch.getEpoch(),
        epoch.getAccuracy(),
        epoch.getValidation().getAccuracy(),
        epoch.getLoss(),
        epoch.getValidation().getLoss());
  }

  private static ModelPublisher publisher(ConnectionOptions options) {
    Settings settings = options.settings();
    return ModelPublisher.over(
        ConnectionOptions.connect(settings), settings.get(ModelSettings.NAME), Clock.systemUTC());
  }

  private static String line(ModelVersion version, boolean inForce) {
    return String.format(
        Locale.ROOT,
        "%s %-4s  %s  %.12s  %s",
        inForce ? "*" : " ",
        version.getVersion(),
        version.getCreatedAt(),
        version.getSha256(),
        Optional.ofNullable(version.getMetrics()).map(ModelsCommand::line).orElse("no metrics"));
  }

  private static String line(ModelMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "validation on %d scans: loss %.4f, accuracy %.3f, AUROC %.3f, sensitivity %.3f,"
            + " specificity %.3f",
        metrics.getScans(),
        metrics.getLoss(),
        metrics.getAccuracy(),
        metrics.getAuroc(),
        metrics.getSensitivity(),
        metrics.getSpecificity());
  }

  private static String line(TrainingEpoch epoch) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d  %.1f s, learning rate %.2g  loss %.4f, accuracy %.3f; %s",
        epoch.getEpoch(),
        epoch.getEpochs(),
        epoch.getSeconds(),
        epoch.getLearningRate(),
        epoch.getLoss(),
        epoch.getAccuracy(),
        line(epoch.getValidation()));
  }
}
