package org.pneumostream.jnifti;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Invalid headers, made by {@code src/test/python/make_damaged_golden.py}. */
class DamagedHeaderTest {
  private static final Path FOLDER = folder();

  private static Path folder() {
    try {
      return Path.of(DamagedHeaderTest.class.getResource("/damaged/damaged.tsv").toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String> golden() throws IOException {
    return Files.readAllLines(FOLDER.resolve("damaged.tsv"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void usesTheSameFormAsNibabel(String line) throws IOException {
    String[] column = line.split("\t");
    NiftiHeader header = header(column[0]);

    if (column[1].equals("none")) {
      assertThat(header.affine()).isEmpty();
      assertThat(header.orientationFault()).isPresent();
    } else {
      double[] expected = Golden.numbers(column[1]);
      Affine affine = header.affine().orElseThrow();
      for (int i = 0; i < expected.length; i++) {
        assertThat(affine.at(i / 4, i % 4)).isCloseTo(expected[i], within(1e-5));
      }
      assertThat(header.orientation()).isEqualTo(column[2]);
      assertThat(header.orientationFault()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sform-nan | srow_x[0] is NaN, expected a finite number; the orientation is unknown
          sform-nan-qform | srow_x[0] is NaN, expected a finite number; the qform is taken
          sform-infinite-qform | srow_y[1] is -Infinity, expected a finite number; the qform is taken
          sform-offset-nan-qform | srow_z[3] is NaN, expected a finite number; the qform is taken
          sform-zero | srow_x, srow_y, srow_z: a step along axis 1 is 0.0 mm long, expected 1e-6 to 1e6 mm; the orientation is unknown
          sform-zero-qform | srow_x, srow_y, srow_z: a step along axis 1 is 0.0 mm long, expected 1e-6 to 1e6 mm; the qform is taken
          sform-huge-qform | srow_x, srow_y, srow_z: a step along axis 1 is 1.0000000150474662E30 mm long, expected 1e-6 to 1e6 mm; the qform is taken
          qform-nan | quatern_b is NaN, expected a finite number; the orientation is unknown
          qform-nan-sform | quatern_b is NaN, expected a finite number; the sform is taken
          qform-offset-infinite-sform | qoffset_z is Infinity, expected a finite number; the sform is taken
          qform-long | quatern_b, quatern_c, quatern_d have length 8.660, expected at most 1; the orientation is unknown
          qform-long-sform | quatern_b, quatern_c, quatern_d have length 8.660, expected at most 1; the sform is taken
          qfac-odd | pixdim[0] (qfac) is 3.0, expected 1 or -1; taken as 1
          handedness | sform is LPS (right-handed), but qform is LPI (left-handed); the sform is taken
          sheared | srow_x, srow_y, srow_z: axes are sheared, 22 degrees from right angles; voxels are taken as boxes
          spacing-differs | pixdim[2] is 1.500 mm, but the sform says 3.000 mm; pixdim is taken
          pixdim-nan | pixdim[1] is NaN, expected a length above 0; taken as 1.0 mm
          pixdim-infinite | pixdim[2] is Infinity, expected a length above 0; taken as 1.0 mm
          pixdim-zero | pixdim[3] is 0.0, expected a length above 0; taken as 1.0 mm
          pixdim-negative | pixdim[1] is -2.0, expected a length above 0; taken as 2.0 mm
          """)
  void warningNamesTheField(String name, String warning) throws IOException {
    assertThat(header(name + ".nii").warnings()).contains(warning);
  }

  @Test
  void faultNamesBothForms() throws IOException {
    assertThat(header("both-damaged.nii").orientationFault())
        .contains(
            "srow_x[0] is NaN, expected a finite number;"
                + " quatern_b, quatern_c, quatern_d have length 8.660, expected at most 1");
  }

  static List<Golden> soundScans() {
    return Golden.scans().stream()
        .filter(scan -> !scan.toString().matches("(.*qfac-zero|.*negative|slope-.*|.*sheared).*"))
        .filter(scan -> !scan.toString().startsWith("sform-before-qform"))
        .filter(scan -> scan.dims().size() > 2)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("soundScans")
  void soundHeaderHasNoWarnings(Golden golden) throws IOException {
    try (NiftiReader reader = NiftiReader.open(golden.file(), ReadLimits.DEFAULT)) {
      assertThat(reader.header().orientationFault()).isEmpty();
      assertThat(reader.header().warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "Affine": [[-2, 0, 0, 10], [0, "_NaN_", 0, 20], [0, 0, 5, 30]] | srow_y[1] is NaN, expected a finite number; the orientation is unknown
          "Affine": []                                               | srow_x, srow_y, srow_z: a step along axis 1 is 0.0 mm long, expected 1e-6 to 1e6 mm; the orientation is unknown
          "QForm": 1, "Quatern": {"b": 5, "c": 5, "d": 5}            | quatern_b, quatern_c, quatern_d have length 8.660, expected at most 1; the sform is taken
          "QForm": 1, "NIIQfac_": 0                                  | pixdim[0] (qfac) is 0.0, expected 1 or -1; taken as 1
          "VoxelSize": [2, "_Inf_", 5]                               | pixdim[2] is Infinity, expected a length above 0; taken as 1.0 mm
          "VoxelSize": [2]                                           | pixdim[2] is 0.0, expected a length above 0; taken as 1.0 mm
          """)
  void jniftiHeaderPassesTheSameChecks(String fields, String warning) throws IOException {
    String affine = "\"Affine\": [[-2, 0, 0, 10], [0, -3, 0, 20], [0, 0, 5, 30]]";
    String document =
        "{\"NIFTIHeader\": {\"VoxelSize\": [2, 3, 5], \"SForm\": 1, "
            + affine
            + ", "
            + fields
            + "}, \"NIFTIData\": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}";
    try (NiftiReader reader =
        NiftiReader.open(new ByteArrayInputStream(document.getBytes(UTF_8)), Scans.LIMITS)) {
      assertThat(reader.header().warnings()).contains(warning);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -Infinity | 0     | scl_slope is -Infinity, expected a finite number; taken as 1
          NaN       | -1024 | scl_inter is -1024.0 beside scl_slope NaN; not added
          0         | -1024 | scl_inter is -1024.0 beside scl_slope 0.0; not added
          """)
  void warnsAboutIgnoredScaling(double slope, double intercept, String warning) {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, 4, 3, 2).scaling(slope, intercept).build();

    assertThat(header.warnings()).containsExactly(warning);
  }

  private static NiftiHeader header(String name) throws IOException {
    try (NiftiReader reader = NiftiReader.open(FOLDER.resolve(name), ReadLimits.DEFAULT)) {
      return Scans.readAll(reader);
    }
  }
}
