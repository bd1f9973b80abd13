package org.pneumostream.offline;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pneumostream.preprocessing.NumpyFile;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Preprocesses one scan, as the stream does. */
@Command(
    name = "preprocess",
    description = "Write the network's input for a scan.",
    mixinStandardHelpOptions = true)
public final class PreprocessCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A scan.")
  private Path file;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "V.npy",
      description =
          "NumPy file: float32, C order, axes width, height, depth; not yet rounded to 16 bits.")
  private Path out;

  @Option(
      names = "--orientation",
      paramLabel = "canonical|as-stored",
      defaultValue = "canonical",
      description = "canonical reorients to RAS+; as-stored does not (default: ${DEFAULT-VALUE}).")
  private String orientation;

  @Option(
      names = "--shape",
      paramLabel = "WxHxD",
      defaultValue = "128x128x64",
      description = "Shape of the volume (default: ${DEFAULT-VALUE}).")
  private String shape;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Preprocessing preprocessing =
        new Preprocessing(Arguments.shape(spec, shape), Arguments.orientation(spec, orientation));
    float[] values = ScanReading.of(file, preprocessing::resample);
    new NumpyFile(preprocessing.shape(), values).writeTo(out);
    return ExitStatus.DONE;
  }
}
