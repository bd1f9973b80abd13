package org.pneumostream.offline;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pneumostream.classifier.Network;
import org.pneumostream.classifier.ShippedModel;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.preprocessing.NetworkVolume;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.volume.Decision;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores scans without Kafka, with the services' code. */
@Command(
    name = "predict",
    description = "Estimate the probability of viral pneumonia in scans.",
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Scans.")
  private List<Path> files;

  @Option(
      names = "--model",
      paramLabel = "M.safetensors",
      description = "Model file of fit or 'models export' (default: the shipped model).")
  private Path model;

  @Option(
      names = "--orientation",
      paramLabel = "canonical|as-stored",
      description =
          "canonical reorients to RAS+; as-stored does not (default: as the model"
              + " was trained).")
  private String orientation;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Optional<OrientationPolicy> asked =
        Optional.ofNullable(orientation).map(text -> Arguments.orientation(spec, text));
    ModelFile read = model == null ? ModelFile.of(ShippedModel.weights()) : ModelFile.read(model);
    InputShape shape = read.metadata().shape();
    Preprocessing preprocessing =
        new Preprocessing(shape, policy(asked, read.metadata().orientation()));
    int status = ExitStatus.DONE;
    try (Network network = Network.load(read.weights(), shape)) {
      for (Path file : files) {
        try {
          NetworkVolume volume = ScanReading.of(file, preprocessing::apply);
          double abnormal = network.probabilities(List.of(volume.voxels()))[0];
          List<String> warnings = new ArrayList<>(volume.warnings());
          warnings.addAll(read.metadata().warnings());
          List<String> lines =
              json
                  ? List.of(object(file, abnormal, read.version(), warnings))
                  : lines(file, abnormal, read.version(), warnings);
          lines.forEach(out::println);
          out.flush();
        } catch (IOException | RejectedScanException e) {
          // The other files can still be scored.
          status = ExitStatus.of(e, spec.commandLine());
        }
      }
    }
    return status;
  }

  /** The requested orientation, else that of the model's training. */
  private OrientationPolicy policy(
      Optional<OrientationPolicy> asked, Optional<OrientationPolicy> trained) {
    if (asked.isPresent() && trained.isPresent() && !asked.equals(trained)) {
      spec.commandLine()
          .getErr()
          .printf(
              "predict: warning: --orientation %s, but the model was trained on %s scans%n",
              asked.get(), trained.get());
    }
    return asked.or(() -> trained).orElse(OrientationPolicy.CANONICAL);
  }

  /** Ends with the reference's two sentences, word for word. */
  private static List<String> lines(
      Path file, double abnormal, String version, List<String> warnings) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, model %s. For research use, not a medical device."
            .formatted(Arguments.name(file), version));
    warnings.forEach(warning -> lines.add("Warning: " + warning));
    lines.add(confidence(1 - abnormal, "normal"));
    lines.add(confidence(abnormal, "abnormal"));
    return lines;
  }

  private static String confidence(double probability, String name) {
    return String.format(
        Locale.ROOT,
        "This model is %.2f percent confident that CT scan is %s",
        100 * probability,
        name);
  }

  private static String object(Path file, double abnormal, String version, List<String> warnings)
      throws IOException, RejectedScanException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", Arguments.name(file));
    object.put("scanId", ScanFile.of(file).scanId());
    object.put("probabilityAbnormal", abnormal);
    object.put("probabilityNormal", 1 - abnormal);
    object.put(
        "finding", (Decision.isAbnormal(abnormal) ? Finding.ABNORMAL : Finding.NORMAL).name());
    object.put("modelVersion", version);
    object.put("warnings", warnings);
    return AvroJson.line(object);
  }
}
