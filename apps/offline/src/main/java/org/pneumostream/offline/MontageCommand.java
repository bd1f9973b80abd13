package org.pneumostream.offline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.picture.GrayWindow;
import org.pneumostream.picture.Montage;
import org.pneumostream.preprocessing.Augmentation;
import org.pneumostream.preprocessing.NetworkVolume;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.terminal.Arguments;
import org.pneumostream.terminal.ExitStatus;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a scan. */
@Command(
    name = "montage",
    description = "Draw slices of a scan, ten in a row, from the feet up.",
    mixinStandardHelpOptions = true)
public final class MontageCommand implements Callable<Integer> {
  private static final int MOST_SLICES = 400;
  private static final int TILE = 160;

  /** Scans with more slices are sampled. */
  private static final int MOST_DEPTH = 1024;

  @Parameters(paramLabel = "FILE", description = "A scan.")
  private Path file;

  @Option(names = "--out", required = true, paramLabel = "M.png", description = "File to write.")
  private Path out;

  @Option(
      names = "--slices",
      paramLabel = "N",
      defaultValue = "40",
      description = "Number of slices, evenly spaced (default: ${DEFAULT-VALUE}).")
  private int slices;

  @Option(names = "--preprocessed", description = "Draw the volume that the network gets.")
  private boolean preprocessed;

  @Option(names = "--augmented", description = "Draw it rotated at random, as in training.")
  private boolean augmented;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the rotation (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (slices < 1 || slices > MOST_SLICES) {
      throw Arguments.wrong(spec, "--slices: " + slices + ", expected 1 to " + MOST_SLICES);
    }
    Picture picture = ScanReading.of(file, this::read);
    picture.montage().writeTo(out, slices, picture.caption());
    return ExitStatus.DONE;
  }

  private record Picture(Montage montage, String caption) {}

  private Picture read(NiftiReader scan) throws IOException {
    NiftiHeader header = scan.header();
    boolean asNetwork = preprocessed || augmented;
    InputShape shape =
        asNetwork
            ? InputShape.FULL
            : new InputShape(TILE, TILE, Math.min(header.depth(), MOST_DEPTH));
    NetworkVolume volume = new Preprocessing(shape, OrientationPolicy.CANONICAL).apply(scan);
    float[] values = volume.toFloats();
    if (augmented) {
      values = new Augmentation(InputShape.FULL).augment(values, new Random(seed));
    }
    GrayWindow window = asNetwork ? GrayWindow.NETWORK : GrayWindow.LUNG;
    return new Picture(new Montage(shape, values, window), caption(header));
  }

  private String caption(NiftiHeader header) {
    return "%s   %s   %s   %s%s"
        .formatted(
            Arguments.name(file),
            header.dims(),
            Montage.millimetres(header.spacingMm()),
            header.orientation(),
            augmented ? "   rotated at random" : "");
  }
}
