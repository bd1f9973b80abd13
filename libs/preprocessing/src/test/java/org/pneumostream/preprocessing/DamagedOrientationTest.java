package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.HeaderField;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiHeaderBuilder;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** A scan in another orientation than its header states always carries a warning. */
class DamagedOrientationTest {
  private static final InputShape SHAPE = new InputShape(8, 8, 6);
  private static final Preprocessing CANONICAL =
      new Preprocessing(SHAPE, OrientationPolicy.CANONICAL);
  private static final Preprocessing AS_STORED =
      new Preprocessing(SHAPE, OrientationPolicy.AS_STORED);

  @Test
  void damagedSformFallsBackToTheQform() throws IOException {
    NetworkVolume sound = preprocess(CANONICAL, lps());
    NetworkVolume damaged =
        preprocess(
            CANONICAL,
            lps().field(HeaderField.SROW_X, 0, 0, 0, 0).field(HeaderField.QFORM_CODE, 1));

    assertThat(damaged).isEqualTo(sound).isNotEqualTo(preprocess(AS_STORED, lps()));
    assertThat(damaged.warnings())
        .anyMatch(
            warning ->
                warning.startsWith("srow_x, srow_y, srow_z: ")
                    && warning.endsWith("; the qform is taken"));
  }

  @Test
  void warnsAboutADamagedQformBesideAValidSform() throws IOException {
    NetworkVolume damaged =
        preprocess(
            CANONICAL,
            lps().field(HeaderField.QFORM_CODE, 1).field(HeaderField.QUATERN_B, Double.NaN));

    assertThat(damaged).isEqualTo(preprocess(CANONICAL, lps()));
    assertThat(damaged.warnings())
        .contains("quatern_b is NaN, expected a finite number; the sform is taken");
  }

  @Test
  void canonicalRefusesAScanWithoutAValidForm() {
    NiftiHeaderBuilder nan = lps().field(HeaderField.SROW_Y, Double.NaN, 0, 0, 0);
    assertThatThrownBy(() -> preprocess(CANONICAL, nan))
        .isInstanceOf(PreprocessingException.class)
        .hasMessage(
            "the orientation is unknown: srow_y[0] is NaN, expected a finite number;"
                + " repair the header, or set orientation to as-stored");

    NiftiHeaderBuilder five =
        lps()
            .field(HeaderField.SFORM_CODE, 0)
            .field(HeaderField.QFORM_CODE, 1)
            .field(HeaderField.QUATERN_B, 5)
            .field(HeaderField.QUATERN_C, 5)
            .field(HeaderField.QUATERN_D, 5);
    assertThatThrownBy(() -> preprocess(CANONICAL, five))
        .isInstanceOf(PreprocessingException.class)
        .hasMessageContaining("quatern_b, quatern_c, quatern_d have length 8.660");
  }

  @Test
  void asStoredTakesItWithAWarning() throws IOException {
    NetworkVolume damaged =
        preprocess(AS_STORED, lps().field(HeaderField.SROW_Y, Double.NaN, 0, 0, 0));

    assertThat(damaged).isEqualTo(preprocess(AS_STORED, lps()));
    assertThat(damaged.warnings())
        .contains("srow_y[0] is NaN, expected a finite number; the orientation is unknown");
  }

  @Test
  void canonicalWarnsAboutAScanWithoutOrientation() throws IOException {
    String warning =
        "sform_code and qform_code are 0: the orientation is unknown, axes are taken as R, A, S";

    NiftiHeaderBuilder silent = lps().field(HeaderField.SFORM_CODE, 0);
    assertThat(preprocess(CANONICAL, silent).warnings()).contains(warning);
    assertThat(preprocess(AS_STORED, silent).warnings()).doesNotContain(warning);
  }

  @Test
  void warnsAboutInvalidSpacing() throws IOException {
    assertThat(
            preprocess(
                    CANONICAL, lps().field(HeaderField.PIXDIM, 1, 20, Double.NaN, 30, 0, 0, 0, 0))
                .warnings())
        .contains("pixdim[2] is NaN, expected a length above 0; taken as 1.0 mm");
  }

  /** LPS by the sform, and by a half turn about z where {@code qform_code} is set. */
  private static NiftiHeaderBuilder lps() {
    return NiftiHeader.builder(Datatype.INT16, 10, 10, 10)
        .affine(Affine.diagonal(-20, -20, 30))
        .field(HeaderField.QUATERN_D, 1);
  }

  private static NetworkVolume preprocess(Preprocessing preprocessing, NiftiHeaderBuilder header)
      throws IOException {
    short[] voxels = new short[1000];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) random.nextInt(-1000, 400);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiWriter.write(file, header.build(), voxels);
    try (NiftiReader scan =
        NiftiReader.open(new ByteArrayInputStream(file.toByteArray()), ReadLimits.DEFAULT)) {
      return preprocessing.apply(scan);
    }
  }
}
