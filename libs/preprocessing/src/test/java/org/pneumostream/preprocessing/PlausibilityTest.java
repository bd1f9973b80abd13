package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.Orientation;
import org.pneumostream.jnifti.ReadLimits;

class PlausibilityTest {

  private static final int SIDE = 80;
  private static final int SLICES = 60;

  private static final Path SHARED = Path.of("../../../shared/data");

  @Test
  void chestIsPlausible() {
    assertThat(warnings(Orientation.RAS, 0.05, 512, 512, 40)).isEmpty();
  }

  @Test
  void warnsAboutEachTrait() {
    assertThat(warnings(Orientation.RAS, 0.05, 512, 512, 1))
        .containsExactly(
            "number of slices is 1, expected at least 10",
            "length of the scan is 8 mm, expected 120 to 600 mm for a chest");
    assertThat(warnings(Orientation.RAS, 0.05, 128, 512, 40))
        .containsExactly("width of the scan is 90 mm, expected 120 to 600 mm for a chest");
    assertThat(warnings(Orientation.RAS, 0.05, 512, 512, 80))
        .containsExactly("length of the scan is 640 mm, expected 120 to 600 mm for a chest");
    assertThat(warnings(Orientation.RAS, 0.0123, 512, 512, 40))
        .containsExactly(
            "1.2 % of the scan is as dense as lung, expected at least 4.0 %:"
                + " not a chest, or not in Hounsfield units");
  }

  @Test
  void measuresAlongThePatientsAxes() {
    Orientation slicesFirst = new Orientation(List.of(1, 2, 0), List.of(false, true, false));
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, 20, 512, 512).spacingMm(11, 0.7, 0.7).build();

    assertThat(Plausibility.DEFAULT.warnings(header, slicesFirst, lung(0.2)))
        .containsExactly("slices are 11.0 mm apart, expected at most 10.0 mm");
  }

  @Test
  void refusesInvalidThresholds() {
    assertThatThrownBy(() -> new Plausibility(0, 10, 120, 600, 0.04))
        .hasMessage("fewestSlices 0: expected 1 or more");
    assertThatThrownBy(() -> new Plausibility(10, Double.NaN, 120, 600, 0.04))
        .hasMessage("widestGapMm NaN: expected above 0");
    assertThatThrownBy(() -> new Plausibility(10, 10, 600, 120, 0.04))
        .hasMessage("extent 600.0 to 120.0 mm: expected a range from 0 or more");
    assertThatThrownBy(() -> new Plausibility(10, 10, 120, 600, 1.1))
        .hasMessage("leastLungShare 1.1: expected 0 to 1");
  }

  @ParameterizedTest
  @CsvSource({
    "chest-ct/lung-pet-ct-dx.nii.gz, 0",
    "chest-ct/totalsegmentator-thorax-crop.nii.gz, 0",
    "not-ct/totalsegmentator-mr.nii.gz, 2",
    "orientations/SAL.nii.gz, 1",
    "jnifti/avg152T1_LR_nifti2.nii.gz, 1"
  })
  void numberOfWarningsOfSharedScans(String name, int warnings) throws IOException {
    Path file = SHARED.resolve(name);
    assumeThat(file).as("test data beside the clone").exists();
    try (NiftiReader scan = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      assertThat(Preprocessing.DEFAULT.apply(scan).warnings()).hasSize(warnings);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // half-width, half-height in voxels of 5 mm; HU of what fills two fifths of the body
    "chest, 34, 24, -820, 0",
    "abdomen with fat inside, 34, 26, -90, 1",
    "head with brain inside, 15, 19, 35, 1"
  })
  void numberOfWarningsOfSyntheticBodyParts(
      String part, int halfWidth, int halfHeight, int insideHu, int warnings) throws IOException {
    assertThat(warningsOf(draw(halfWidth, halfHeight, insideHu))).as(part).hasSize(warnings);
  }

  @Test
  void warnsAboutAChestWindowedToEightBits() throws IOException {
    short[] voxels = draw(34, 24, -820);
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) Math.max(0, Math.min(255, (voxels[i] + 1350) * 255 / 1500));
    }

    assertThat(warningsOf(voxels))
        .containsExactly(
            "0.0 % of the scan is as dense as lung, expected at least 4.0 %:"
                + " not a chest, or not in Hounsfield units");
  }

  private static List<String> warningsOf(short[] voxels) throws IOException {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, SIDE, SIDE, SLICES)
            .affine(Affine.diagonal(5, 5, 5))
            .build();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiWriter.write(file, header, voxels);
    return warningsOf(file);
  }

  private static List<String> warningsOf(ByteArrayOutputStream file) throws IOException {
    try (NiftiReader scan =
        NiftiReader.open(new ByteArrayInputStream(file.toByteArray()), ReadLimits.DEFAULT)) {
      return Preprocessing.DEFAULT.apply(scan).warnings();
    }
  }

  /** An elliptic body of 40 HU in air, its inner two fifths of another density. */
  private static short[] draw(int halfWidth, int halfHeight, int insideHu) {
    short[] voxels = new short[SIDE * SIDE * SLICES];
    for (int i = 0; i < voxels.length; i++) {
      double x = (i % SIDE - SIDE / 2.0) / halfWidth;
      double y = (i / SIDE % SIDE - SIDE / 2.0) / halfHeight;
      double r = x * x + y * y;
      voxels[i] = (short) (r > 1 ? -1000 : r < 0.4 ? insideHu : 40);
    }
    return voxels;
  }

  private static List<String> warnings(Orientation orientation, double lung, int... dims) {
    NiftiHeader header = NiftiHeader.builder(Datatype.INT16, dims).spacingMm(0.7, 0.7, 8).build();
    return Plausibility.DEFAULT.warnings(header, orientation, lung(lung));
  }

  /** A volume of soft tissue with a share at −800 HU. */
  private static float[] lung(double share) {
    float[] values = new float[10_000];
    Arrays.fill(values, 1040 / 1400f);
    Arrays.fill(values, 0, (int) Math.round(share * values.length), 200 / 1400f);
    return values;
  }
}
