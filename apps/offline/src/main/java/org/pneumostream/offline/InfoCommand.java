package org.pneumostream.offline;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.VoxelSlice;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.preprocessing.PreprocessingException;
import org.pneumostream.terminal.AvroJson;
import org.pneumostream.terminal.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a scan's header and voxel values. */
@Command(
    name = "info",
    description = "Show a scan's header, shape, spacing, orientation and value range.",
    mixinStandardHelpOptions = true)
public final class InfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A scan.")
  private Path file;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Map<String, Object> info = ScanReading.of(file, InfoCommand::describe);
    info.put("scanId", ScanFile.of(file).scanId());
    info.put("warnings", ScanReading.of(file, InfoCommand::warnings));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(AvroJson.line(info));
    } else {
      info.forEach((name, value) -> out.printf("%-12s %s%n", name, text(value)));
    }
    out.flush();
    return ExitStatus.DONE;
  }

  private static Map<String, Object> describe(NiftiReader scan) throws IOException {
    NiftiHeader header = scan.header();
    Values values = Values.of(scan);
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("format", header.format().name());
    info.put("shape", header.dims());
    info.put("spacingMm", header.spacingMm());
    info.put("orientation", header.orientation());
    info.put("datatype", header.datatype().toString());
    info.put("slope", header.slope());
    info.put("intercept", header.intercept());
    info.put("min", values.ifAny(values.min));
    info.put("max", values.ifAny(values.max));
    info.put("mean", values.ifAny(values.sum / values.count));
    info.put("description", header.description());
    return info;
  }

  private static List<String> warnings(NiftiReader scan) throws IOException {
    if (!scan.header().isVolume()) {
      return List.of("not one 3D volume");
    }
    try {
      return Preprocessing.DEFAULT.apply(scan).warnings();
    } catch (PreprocessingException e) {
      List<String> warnings = new ArrayList<>(scan.header().warnings());
      warnings.add("refused by preprocessing: " + e.getMessage());
      return warnings;
    }
  }

  private static String text(Object value) {
    return value instanceof double[] numbers ? Arrays.toString(numbers) : String.valueOf(value);
  }

  /** Range of the scaled values, without NaN and infinities. */
  private static final class Values {
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private long count;

    static Values of(NiftiReader reader) throws IOException {
      Values values = new Values();
      while (reader.hasNextSlice()) {
        VoxelSlice slice = reader.nextSlice();
        for (int i = 0; i < slice.width() * slice.height(); i++) {
          values.add(slice.value(i));
        }
      }
      return values;
    }

    /** Null, also in JSON, if the scan has no finite value. */
    @Nullable Double ifAny(double value) {
      return count == 0 ? null : value;
    }

    private void add(double value) {
      if (Double.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        count++;
      }
    }
  }
}
