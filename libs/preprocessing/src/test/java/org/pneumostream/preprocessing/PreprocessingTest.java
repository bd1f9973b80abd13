package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Against the reference's own steps, see src/test/python/make_golden.py. */
class PreprocessingTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static Stream<Path> goldenVolumes() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      List<Path> volumes = files.filter(f -> f.toString().endsWith(".npy")).sorted().toList();
      return volumes.stream();
    }
  }

  @Test
  void everyCaseHasItsGoldenVolumes() throws IOException {
    assertThat(goldenVolumes()).hasSize(60);
  }

  @ParameterizedTest
  @MethodSource("goldenVolumes")
  void equalsTheReference(Path golden) throws IOException {
    String[] name = golden.getFileName().toString().split("\\.");
    InputShape shape = InputShape.parse(name[1]);
    Preprocessing preprocessing = new Preprocessing(shape, OrientationPolicy.parse(name[2]));
    float[] expected = NumpyFile.read(golden).values();

    assertClose(resample(preprocessing, GOLDEN.resolve(name[0] + ".nii.gz")), expected, 1e-6);
  }

  @ParameterizedTest
  @MethodSource("goldenVolumes")
  void quantizedVolumeEqualsTheReferenceWithinItsWindow(Path golden) throws IOException {
    String[] name = golden.getFileName().toString().split("\\.");
    InputShape shape = InputShape.parse(name[1]);
    Preprocessing preprocessing = new Preprocessing(shape, OrientationPolicy.parse(name[2]));
    float[] expected = NumpyFile.read(golden).values();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.max(0, Math.min(1, expected[i]));
    }

    try (NiftiReader scan =
        NiftiReader.open(GOLDEN.resolve(name[0] + ".nii.gz"), ReadLimits.DEFAULT)) {
      assertClose(preprocessing.apply(scan).toFloats(), expected, 1e-5);
    }
  }

  static float[] resample(Preprocessing preprocessing, Path file) throws IOException {
    try (NiftiReader scan = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      return preprocessing.resample(scan);
    }
  }

  static void assertClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      // Math.max keeps NaN, which no tolerance takes.
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(worst).isCloseTo(0, within(tolerance));
  }
}
