package org.pneumostream.jnifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenScansTest {
  static List<Golden> scans() {
    return Golden.scans();
  }

  @Test
  void coverEveryRealDatatypeInEveryFormat() {
    for (Format format : List.of(Format.NIFTI1, Format.NIFTI2, Format.JNII, Format.BNII)) {
      assertThat(scans().stream().filter(scan -> scan.format() == format))
          .extracting(Golden::datatype)
          .contains(
              "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32",
              "float64");
    }
  }

  @ParameterizedTest
  @MethodSource("scans")
  void headerEqualsNibabels(Golden golden) throws IOException {
    try (NiftiReader reader = NiftiReader.open(golden.file(), ReadLimits.DEFAULT)) {
      NiftiHeader header = reader.header();
      assertThat(header.format()).isEqualTo(golden.format());
      assertThat(header.byteOrder()).isEqualTo(golden.byteOrder());
      assertThat(header.dims()).isEqualTo(golden.dims());
      assertThat(header.isVolume()).isEqualTo(golden.dims().size() == 3);
      assertThat(header.datatype().typeName()).isEqualTo(golden.datatype());
      assertThat(header.slope()).isEqualTo(golden.slope());
      assertThat(header.intercept()).isEqualTo(golden.intercept());
      assertThat(header.spacingMm()).containsExactly(golden.spacingMm(), within(1e-12));
      assertThat(header.affine().isPresent()).isEqualTo(golden.affine().isPresent());
      golden.affine().ifPresent(expected -> assertAffine(header.affine().get(), expected));
      assertThat(header.orientation()).isEqualTo(golden.orientation());
      assertThat(header.description()).isEqualTo(golden.description());
    }
  }

  private static void assertAffine(Affine affine, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(affine.at(i / 4, i % 4)).isCloseTo(expected[i], within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("scans")
  void everyVoxelEqualsNibabels(Golden golden) throws IOException {
    double[] expected = golden.values();
    try (NiftiReader reader = NiftiReader.open(golden.file(), ReadLimits.DEFAULT)) {
      int perSlice = reader.header().width() * reader.header().height();
      double[] row = new double[reader.header().width()];
      float[] slice = new float[perSlice];
      int offset = 0;
      while (reader.hasNextSlice()) {
        VoxelSlice voxels = reader.nextSlice();
        voxels.copyTo(slice);
        for (int j = 0; j < voxels.height(); j++) {
          voxels.rowTo(j, row);
          for (int i = 0; i < row.length; i++) {
            int index = i + row.length * j;
            // Boxed: NaN equals NaN, and −0 is not 0.
            assertThat((Double) row[i]).isEqualTo((Double) expected[offset + index]);
            assertThat((Double) voxels.value(index)).isEqualTo((Double) row[i]);
            assertThat((Float) slice[index]).isEqualTo((Float) (float) row[i]);
          }
        }
        offset += perSlice;
      }
      assertThat(offset).isEqualTo(expected.length);
    }
  }

  @Test
  void orientationsEqualNibabels() throws IOException {
    List<String> lines = Files.readAllLines(Golden.FOLDER.resolve("orientations.tsv"));
    assertThat(lines).hasSize(144);
    for (String line : lines) {
      String[] column = line.split("\t");
      double[] numbers = Golden.numbers(column[0]);
      double[][] rows = new double[3][4];
      for (int i = 0; i < numbers.length; i++) {
        rows[i / 4][i % 4] = numbers[i];
      }
      assertThat(Orientation.of(Affine.of(rows)).code()).as(line).isEqualTo(column[1]);
    }
  }
}
