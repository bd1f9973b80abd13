package org.pneumostream.jnifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jdata.InvalidDataException;

/** Real files, which lie beside a checkout and not in it. */
class SharedScansTest {
  private static final Path DATA = Path.of("../../../shared/data");

  @BeforeEach
  void needsTheSharedFiles() {
    assumeThat(DATA).isDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "nifti/minimal.nii.gz, nifti/minimal.nii",
    "nifti/minimal.hdr, nifti/minimal.nii",
    "nifti/minimal.img.gz, nifti/minimal.nii",
    "nifti/air2.hdr.gz, nifti/air.img.gz",
    "nifti/big.nii.gz, nifti/zstat1.nii.gz",
    "nifti/little.nii.gz, nifti/big.nii.gz",
    "jnifti/mousehead.bnii, jnifti/mousehead.jnii",
    "jnifti/mousehead_gzip.bnii, jnifti/mousehead.jnii",
    "jnifti/mousehead_lzma.jnii, jnifti/mousehead.jnii",
    "jnifti/avg152T1_LR_nifti2_zlib.bnii, jnifti/avg152T1_LR_nifti2.nii.gz",
  })
  void twinsAreEqual(String one, String other) throws IOException {
    assertThat(values(one)).isEqualTo(values(other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32",
        "float64"
      })
  void voxelsIncreaseAlongTheLastAxisInEveryDatatype(String datatype) throws IOException {
    List<Double> expected = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      for (int j = 0; j < 3; j++) {
        for (int i = 0; i < 3; i++) {
          expected.add(9.0 * i + 3 * j + k);
        }
      }
    }
    assertThat(values("nifti/dtypes-27-voxels/" + datatype + ".nii")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nifti/corrupt/crash-1.nii", "nifti/not-nifti.nii"})
  void refusesWhatIsNotNifti(String file) {
    assertThatThrownBy(() -> values(file))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith("sizeof_hdr is ");
  }

  @Test
  void orientationMatchesTheFileName() throws IOException {
    try (var files = Files.list(DATA.resolve("orientations"))) {
      for (Path file : files.toList()) {
        try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
          assertThat(file.getFileName()).hasToString(reader.header().orientation() + ".nii.gz");
        }
      }
    }
  }

  private static List<Double> values(String file) throws IOException {
    List<Double> values = new ArrayList<>();
    try (NiftiReader reader = NiftiReader.open(DATA.resolve(file), ReadLimits.DEFAULT)) {
      while (reader.hasNextSlice()) {
        VoxelSlice slice = reader.nextSlice();
        for (int i = 0; i < slice.width() * slice.height(); i++) {
          values.add(slice.value(i));
        }
      }
    }
    return values;
  }
}
