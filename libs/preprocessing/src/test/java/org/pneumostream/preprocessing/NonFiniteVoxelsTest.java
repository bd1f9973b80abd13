package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Non-finite voxels count as air, with a warning. */
class NonFiniteVoxelsTest {
  private static final InputShape SHAPE = new InputShape(8, 8, 6);
  private static final Preprocessing DEFAULT =
      new Preprocessing(SHAPE, OrientationPolicy.CANONICAL);

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesAScanOfOnlyNonFiniteVoxels(float value) {
    Preprocessing lenient =
        new Preprocessing(SHAPE, OrientationPolicy.CANONICAL, Plausibility.DEFAULT, 1);

    assertThatThrownBy(() -> warnings(lenient, scan(1000, value)))
        .isInstanceOf(PreprocessingException.class)
        .hasMessage(
            "share of voxels that are NaN or infinite is 100.0 %, expected less than 100 %");
  }

  @ParameterizedTest
  @CsvSource({"143, 14.3 %", "1, 0.1 %", "250, 25.0 %"})
  void warnsAboutSomeNonFiniteVoxels(int count, String share) throws IOException {
    assertThat(warnings(DEFAULT, scan(count, Float.NaN)))
        .contains(share + " of the voxels are NaN or infinite; taken as air and bone");
  }

  @Test
  void doesNotWarnWithoutNonFiniteVoxels() throws IOException {
    assertThat(warnings(DEFAULT, scan(0, Float.NaN))).noneMatch(warning -> warning.contains("NaN"));
  }

  @Test
  void refusesMoreNonFiniteVoxelsThanTheSetting() {
    assertThatThrownBy(() -> warnings(DEFAULT, scan(251, Float.NaN)))
        .isInstanceOf(PreprocessingException.class)
        .hasMessage(
            "share of voxels that are NaN or infinite is 25.1 %, expected at most 25.0 %"
                + " (max-non-finite-share)");
  }

  @Test
  void resampleAloneRefusesThemToo() {
    assertThatThrownBy(() -> open(scan(1000, Float.NaN), DEFAULT::resample))
        .isInstanceOf(PreprocessingException.class);
  }

  @Test
  void refusesALimitOutsideZeroToOne() {
    assertThatThrownBy(
            () -> new Preprocessing(SHAPE, OrientationPolicy.CANONICAL, Plausibility.DEFAULT, 1.5))
        .hasMessage("maxNonFiniteShare 1.5: expected 0 to 1");
  }

  private interface Reading<T> {
    T from(NiftiReader scan) throws IOException;
  }

  private static List<String> warnings(Preprocessing preprocessing, byte[] scan)
      throws IOException {
    return open(scan, preprocessing::apply).warnings();
  }

  private static <T> T open(byte[] file, Reading<T> reading) throws IOException {
    try (NiftiReader scan = NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT)) {
      return reading.from(scan);
    }
  }

  /** A thousand voxels of water, the first ones with another value. */
  static byte[] scan(int count, float value) {
    float[] voxels = new float[1000];
    Arrays.fill(voxels, 0, count, value);
    NiftiHeader header =
        NiftiHeader.builder(Datatype.FLOAT32, 10, 10, 10)
            .affine(Affine.diagonal(20, 20, 30))
            .build();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (NiftiWriter writer = NiftiWriter.open(file, header)) {
      for (int k = 0; k < 10; k++) {
        writer.writeSlice(Arrays.copyOfRange(voxels, 100 * k, 100 * k + 100));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return file.toByteArray();
  }
}
