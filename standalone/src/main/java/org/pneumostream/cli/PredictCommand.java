package org.pneumostream.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.classifier.Network;
import org.pneumostream.ingest.RejectedScanException;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.preprocess.NetworkVolume;
import org.pneumostream.preprocess.OrientationPolicy;
import org.pneumostream.preprocess.Preprocessing;
import org.pneumostream.preprocess.VolumeShape;
import org.pneumostream.schemas.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores scans without Kafka, by the code of the services. */
@Command(
    name = "predict",
    description = "Say how likely viral pneumonia is in scans.",
    footer = "%nFor research use, not a medical device.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Scans.")
  private List<Path> files;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M.safetensors",
      description = "A model, as fit and 'models export' write it.")
  private Path model;

  @Option(
      names = "--orientation",
      paramLabel = "canonical|as-stored",
      defaultValue = "canonical",
      description = "canonical turns the axes to RAS+ (default: ${DEFAULT-VALUE}).")
  private String orientation;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    OrientationPolicy policy = Arguments.orientation(spec, orientation);
    ModelFile read = ModelFile.read(model);
    InputShape shape = read.shape();
    Preprocessing preprocessing =
        new Preprocessing(new VolumeShape(shape.width(), shape.height(), shape.depth()), policy);
    try (Network network = Network.load(read.weights(), shape)) {
      for (Path file : files) {
        NetworkVolume volume = ScanReading.of(file, preprocessing::apply);
        double abnormal = network.probabilities(List.of(volume.voxels()))[0];
        out.println(
            json
                ? object(file, abnormal, read.version(), volume.warnings())
                : sentence(file, abnormal, volume.warnings()));
        out.flush();
      }
    }
    return Pneumostream.DONE;
  }

  private static String sentence(Path file, double abnormal, List<String> warnings) {
    return String.format(
        Locale.ROOT,
        "%s: this model is %.2f percent confident that the CT scan is normal, and %.2f percent"
            + " that it is abnormal. For research use, not a medical device.%s",
        Arguments.name(file),
        100 * (1 - abnormal),
        100 * abnormal,
        warnings.isEmpty() ? "" : " Warnings: " + String.join("; ", warnings));
  }

  private static String object(Path file, double abnormal, String version, List<String> warnings)
      throws IOException, RejectedScanException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", Arguments.name(file));
    object.put("scanId", ScanFile.of(file).scanId());
    object.put("probabilityAbnormal", abnormal);
    object.put("probabilityNormal", 1 - abnormal);
    object.put("finding", (abnormal >= 0.5 ? Finding.ABNORMAL : Finding.NORMAL).name());
    object.put("modelVersion", version);
    object.put("warnings", warnings);
    return AvroJson.line(object);
  }
}
