package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jnifti.Affine;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.Extension;
import org.pneumostream.jnifti.Format;
import org.pneumostream.jnifti.HeaderField;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.jnifti.VoxelSlice;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.schemas.ScanSource;

/** All numbers of a pushed scan are published, and no text. */
class PublishedFormTest {
  /** Real files, which lie beside a checkout and not in it. */
  private static final Path DATA = Path.of("../../shared/data");

  private static final String NAME = "Doe^Jane";
  private static final byte[] NAME_BYTES = NAME.getBytes(StandardCharsets.US_ASCII);
  private static final Provenance HTTP = Provenance.of(ScanSource.HTTP);
  private static final int NIFTI1_BEFORE_VOXELS = 352 + 16;

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(
      value = Format.class,
      names = {"NIFTI1", "NIFTI2", "JNII"})
  void removesAllTextAndKeepsAllNumbers(Format format) throws Exception {
    byte[] pushed = fullOfNames(format);
    assertThat(text(pushed)).contains(NAME);

    assertIsPublishedWithoutText(pushed, accept(pushed), pushed);
  }

  @Test
  void removesTheFileNameInAGzipHeader() throws Exception {
    byte[] file = fullOfNames(Format.NIFTI1);
    byte[] pushed = gzipWithName(file);
    assertThat(text(pushed)).contains(NAME);

    assertIsPublishedWithoutText(file, accept(pushed), file);
  }

  @Test
  void publishesAPairAsOneFileWithoutText() throws Exception {
    byte[] single = fullOfNames(Format.NIFTI1);
    byte[] header = Arrays.copyOf(single, NIFTI1_BEFORE_VOXELS);
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(108, 0)
        .put(344, "ni1\0".getBytes(StandardCharsets.US_ASCII));
    byte[] image = Arrays.copyOfRange(single, NIFTI1_BEFORE_VOXELS, single.length);

    Path file = Files.write(temp.resolve("p.hdr"), header);
    Files.write(temp.resolve("p.img"), image);
    IntakeFixture.Taken accepted =
        Scans.intake(temp, Scans.MIB, Scans.MIB).accept(ScanFile.of(file), HTTP);

    byte[] both = Arrays.copyOf(header, header.length + image.length);
    System.arraycopy(image, 0, both, header.length, image.length);
    assertIsPublishedWithoutText(both, accepted, single);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nifti/minimal.nii.gz",
        "nifti/zstat1.nii.gz",
        "nifti/big.nii.gz",
        "jnifti/mousehead.jnii",
        "jnifti/mousehead_gzip.bnii"
      })
  void keepsTheNumbersOfRealFiles(String file) throws Exception {
    assumeThat(DATA).isDirectory();
    byte[] pushed = Files.readAllBytes(DATA.resolve(file));

    IntakeFixture.Taken accepted =
        Scans.intake(temp, 64 * Scans.MIB, 64 * Scans.MIB)
            .accept(new ByteArrayInputStream(pushed), HTTP);

    assertSameNumbers(inflated(compressed(accepted)), pushed);
  }

  private IntakeFixture.Taken accept(byte[] pushed) throws Exception {
    return Scans.intake(temp, Scans.MIB, Scans.MIB).accept(new ByteArrayInputStream(pushed), HTTP);
  }

  /**
   * @param file the file with the scan id's hash
   * @param original a one-file scan with the same numbers
   */
  private static void assertIsPublishedWithoutText(
      byte[] file, IntakeFixture.Taken accepted, byte[] original) throws IOException {
    assertThat(accepted.scanId())
        .isEqualTo(HexFormat.of().formatHex(ScanReader.sha256().digest(file)));
    byte[] compressed = compressed(accepted);
    assertThat(text(compressed)).doesNotContain("Doe", "Jane");
    byte[] published = inflated(compressed);
    assertThat(text(published)).doesNotContain("Doe", "Jane");
    assertSameNumbers(published, original);
  }

  private static void assertSameNumbers(byte[] published, byte[] original) throws IOException {
    try (NiftiReader left = open(original);
        NiftiReader right = open(published)) {
      NiftiHeader expected = left.header();
      NiftiHeader found = right.header();
      assertThat(found.dims()).isEqualTo(expected.dims());
      assertThat(found.datatype()).isEqualTo(expected.datatype());
      assertThat(found.spacingMm()).isEqualTo(expected.spacingMm());
      assertThat(found.orientation()).isEqualTo(expected.orientation());
      assertThat(found.slope()).isEqualTo(expected.slope());
      assertThat(found.intercept()).isEqualTo(expected.intercept());
      assertThat(found.extensions()).isEmpty();
      for (HeaderField field : HeaderField.values()) {
        if (field.isText() && field != HeaderField.MAGIC) {
          assertThat(found.text(field)).as(field.fieldName()).isEmpty();
        }
      }
      assertThat(values(right)).isEqualTo(values(left));
    }
  }

  private static byte[] compressed(IntakeFixture.Taken accepted) {
    ByteBuffer content = accepted.scan().getContent();
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] inflated(byte[] bytes) throws IOException {
    try (InputStream in = ScanCompression.decompress(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static NiftiReader open(byte[] bytes) throws IOException {
    return NiftiReader.open(new ByteArrayInputStream(bytes), ReadLimits.DEFAULT);
  }

  private static List<Double> values(NiftiReader reader) throws IOException {
    List<Double> values = new ArrayList<>();
    while (reader.hasNextSlice()) {
      VoxelSlice slice = reader.nextSlice();
      for (int i = 0; i < slice.width() * slice.height(); i++) {
        values.add(slice.value(i));
      }
    }
    return values;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Fills every text field, and for NIfTI also adds text after the voxels. */
  private static byte[] fullOfNames(Format format) throws IOException {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.INT16, 5, 4, 3)
            .format(format)
            .affine(Affine.diagonal(-0.75, -0.75, 5))
            .scaling(2, -1024)
            .description(NAME)
            .field(HeaderField.AUX_FILE, NAME)
            .field(HeaderField.INTENT_NAME, NAME)
            .extension(new Extension(6, NAME_BYTES))
            .build();
    short[] voxels = new short[5 * 4 * 3];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) (37 * i);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NiftiWriter.write(out, header, voxels);
    if (format.isJnifti()) {
      return out.toByteArray();
    }
    out.write(NAME_BYTES);
    byte[] bytes = out.toByteArray();
    // data_type and db_name of NIfTI-1, unused_str of NIfTI-2.
    for (int offset : format == Format.NIFTI1 ? new int[] {4, 14} : new int[] {525}) {
      System.arraycopy(NAME_BYTES, 0, bytes, offset, NAME_BYTES.length);
    }
    return bytes;
  }

  /** Writes a gzip header with a file name. */
  private static byte[] gzipWithName(byte[] bytes) throws IOException {
    byte[] plain = Scans.gzip(bytes);
    ByteArrayOutputStream named = new ByteArrayOutputStream();
    plain[3] = 8; // FNAME
    named.write(plain, 0, 10);
    named.write((NAME + ".nii\0").getBytes(StandardCharsets.US_ASCII));
    named.write(plain, 10, plain.length - 10);
    return named.toByteArray();
  }
}
