package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.Orientation;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** One volume in every order in which a file can store it gives the same result. */
class OrientationTest {

  /** Voxels along R, A and S; the plane's sides differ by an odd number, the hardest case. */
  private static final int[] EXTENT = {11, 8, 6};

  private static final Preprocessing CANONICAL =
      new Preprocessing(new InputShape(9, 12, 7), OrientationPolicy.CANONICAL);
  private static final Path SHARED = Path.of("../../../shared/data/orientations");

  static List<Orientation> all48() {
    List<Orientation> orientations = new ArrayList<>();
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      for (int flips = 0; flips < 8; flips++) {
        orientations.add(
            new Orientation(
                List.of(order[0], order[1], order[2]),
                List.of((flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0)));
      }
    }
    return orientations;
  }

  @ParameterizedTest
  @MethodSource("all48")
  void everyStoredOrderGivesTheSameVolume(Orientation orientation) throws IOException {
    NetworkVolume expected = preprocess(stored(Orientation.RAS));

    assertThat(preprocess(stored(orientation))).isEqualTo(expected);
  }

  @Test
  void sharedFilesGiveTheSameVolume() throws IOException {
    assumeThat(SHARED).as("test data beside the clone").isDirectory();
    NetworkVolume expected = preprocess(Files.readAllBytes(SHARED.resolve("RAS.nii.gz")));
    List<Path> files;
    try (Stream<Path> listed = Files.list(SHARED)) {
      files = listed.sorted().toList();
    }

    assertThat(files).hasSize(12);
    for (Path file : files) {
      assertThat(preprocess(Files.readAllBytes(file))).as(file.toString()).isEqualTo(expected);
    }
  }

  private static NetworkVolume preprocess(byte[] file) throws IOException {
    try (NiftiReader scan = NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT)) {
      return CANONICAL.apply(scan);
    }
  }

  /** The volume as a file with the given order of axes. */
  private static byte[] stored(Orientation orientation) throws IOException {
    int[] dims = new int[3];
    double[][] affine = new double[3][4];
    for (int r = 0; r < 3; r++) {
      dims[orientation.axis(r)] = EXTENT[r];
      affine[r][orientation.axis(r)] = orientation.flipped(r) ? -0.8 : 0.8;
    }
    short[] voxels = new short[EXTENT[0] * EXTENT[1] * EXTENT[2]];
    SplittableRandom random = new SplittableRandom(1);
    for (int s = 0; s < EXTENT[2]; s++) {
      for (int a = 0; a < EXTENT[1]; a++) {
        for (int r = 0; r < EXTENT[0]; r++) {
          voxels[index(orientation, dims, r, a, s)] = (short) random.nextInt(-1100, 500);
        }
      }
    }
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, dims).affine(Affine.of(affine)).build();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiWriter.write(file, header, voxels);
    return file.toByteArray();
  }

  private static int index(Orientation orientation, int[] dims, int... place) {
    int[] at = new int[3];
    for (int r = 0; r < 3; r++) {
      at[orientation.axis(r)] = orientation.flipped(r) ? EXTENT[r] - 1 - place[r] : place[r];
    }
    return at[0] + dims[0] * (at[1] + dims[1] * at[2]);
  }
}
