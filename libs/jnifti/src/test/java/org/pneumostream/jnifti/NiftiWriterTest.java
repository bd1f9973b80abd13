package org.pneumostream.jnifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jdata.Compression;

class NiftiWriterTest {
  private static final Affine LPS =
      Affine.of(new double[][] {{-0.5, 0, 0, 10}, {0, -0.5, 0, 20}, {0, 0, 5, -30}});

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"description.nii", "extension.nii", "extension-2.nii.gz", "annotated-header.jnii"})
  void withoutTextRemovesOnlyTextsAndExtensions(String name) throws IOException {
    Path file = Golden.FOLDER.resolve(name);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      NiftiHeader header = reader.header().toBuilder().withoutText().build();
      try (NiftiWriter writer = NiftiWriter.open(bytes, header)) {
        while (reader.hasNextSlice()) {
          writer.writeSlice(reader);
        }
      }
    }

    NiftiHeader original;
    try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      original = reader.header();
    }
    NiftiHeader bare = Scans.readAll(bytes.toByteArray());
    assertThat(bare.extensions()).isEmpty();
    assertThat(bare.description()).isEmpty();
    assertThat(bare.affine()).isEqualTo(original.affine());
    assertThat(bare.spacingMm()).isEqualTo(original.spacingMm());
    assertThat(bare.slope()).isEqualTo(original.slope());
    assertThat(Scans.values(bytes.toByteArray()))
        .isEqualTo(Scans.values(inflated(Files.readAllBytes(file))));
  }

  private static byte[] inflated(byte[] file) throws IOException {
    return Compression.inflate(new ByteArrayInputStream(file)).readAllBytes();
  }

  @ParameterizedTest
  @CsvSource({
    "JNII,scan.jnii",
    "JNII,scan.jnii.gz",
    "NIFTI1,scan.nii",
    "NIFTI1,scan.nii.gz",
    "NIFTI2,scan.nii",
    "NIFTI2,scan.nii.gz",
  })
  void readsWhatItWrote(Format format, String name) throws IOException {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      NiftiHeader header =
          NiftiHeader.builder(Datatype.INT16, 3, 2, 4)
              .format(format)
              .byteOrder(order)
              .affine(LPS)
              .scaling(2, -1024)
              .description("synthetic, größer als nötig")
              .field(HeaderField.CAL_MAX, 400)
              .extension(
                  new Extension(6, "a comment of 24 letters.".getBytes(StandardCharsets.UTF_8)))
              .build();
      short[] voxels = ramp(24);
      Path file = directory.resolve(name);

      NiftiWriter.write(file, header, voxels);

      try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
        NiftiHeader read = reader.header();
        assertThat(read.format()).isEqualTo(format);
        assertThat(read.byteOrder()).isEqualTo(header.byteOrder());
        assertThat(read.dims()).containsExactly(3, 2, 4);
        assertThat(read.affine()).contains(LPS);
        assertThat(read.spacingMm()).containsExactly(0.5, 0.5, 5);
        assertThat(read.orientation()).isEqualTo("LPS");
        assertThat(read.slope()).isEqualTo(2);
        assertThat(read.intercept()).isEqualTo(-1024);
        assertThat(read.description()).isEqualTo("synthetic, größer als nötig");
        assertThat(read.number(HeaderField.CAL_MAX)).isEqualTo(400);
        assertThat(read.extensions()).hasSize(1);
        assertThat(read.extensions().get(0).code()).isEqualTo(6);
        assertThat(new String(read.extensions().get(0).data(), StandardCharsets.UTF_8))
            .isEqualTo("a comment of 24 letters.");
        for (int k = 0; k < 4; k++) {
          VoxelSlice slice = reader.nextSlice();
          for (int i = 0; i < 6; i++) {
            assertThat(slice.value(i)).isEqualTo(2.0 * voxels[6 * k + i] - 1024);
          }
        }
        assertThat(reader.hasNextSlice()).isFalse();
      }
    }
  }

  @Test
  void copiesSlicesOfAnotherScanIntoTheOtherByteOrder() throws IOException {
    NiftiHeader little = NiftiHeader.builder(Datatype.INT16, 3, 2, 2).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    NiftiWriter.write(bytes, little, ramp(12));
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    NiftiHeader big = little.toBuilder().byteOrder(ByteOrder.BIG_ENDIAN).build();
    try (NiftiReader reader = open(bytes);
        NiftiWriter writer = NiftiWriter.open(copied, big)) {
      while (reader.hasNextSlice()) {
        writer.writeSlice(reader);
      }
    }
    try (NiftiReader reader = open(copied)) {
      assertThat(reader.header().byteOrder()).isEqualTo(ByteOrder.BIG_ENDIAN);
      reader.nextSlice();
      assertThat(reader.nextSlice().value(5)).isEqualTo(ramp(12)[11]);
    }
  }

  @Test
  void theSameScanGivesTheSameBytes() throws IOException {
    NiftiHeader header = NiftiHeader.builder(Datatype.INT16, 3, 2, 2).build();
    NiftiWriter.write(directory.resolve("a.nii.gz"), header, ramp(12));
    NiftiWriter.write(directory.resolve("b.nii.gz"), header, ramp(12));
    assertThat(directory.resolve("a.nii.gz")).hasSameBinaryContentAs(directory.resolve("b.nii.gz"));
  }

  @Test
  void refusesToCloseBeforeTheLastSlice() throws IOException {
    NiftiHeader header = NiftiHeader.builder(Datatype.FLOAT32, 3, 2, 2).build();
    NiftiWriter writer = NiftiWriter.open(new ByteArrayOutputStream(), header);
    writer.writeSlice(new float[6]);
    assertThatIllegalStateException()
        .isThrownBy(writer::close)
        .withMessage("1 of 2 slices were not written");
  }

  @Test
  void refusesVoxelsThatDoNotMatchTheHeader() throws IOException {
    NiftiHeader header = NiftiHeader.builder(Datatype.INT16, 3, 2, 2).build();
    NiftiWriter writer = NiftiWriter.open(new ByteArrayOutputStream(), header);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.writeSlice(new float[6]))
        .withMessage("float32 voxels, expected int16 as the header says");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.writeSlice(new short[5]))
        .withMessage("5 voxels of a slice, expected 6");
  }

  @Test
  void refusesTextTooLongForTheField() {
    NiftiHeaderBuilder builder =
        NiftiHeader.builder(Datatype.INT16, 3, 2, 2).description("x".repeat(81));
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("at most 80 bytes");
  }

  @Test
  void refusesAnAxisTooLongForNifti1() {
    NiftiHeaderBuilder builder = NiftiHeader.builder(Datatype.UINT8, 40_000, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("dim is 40000");
    assertThat(builder.format(Format.NIFTI2).build().width()).isEqualTo(40_000);
  }

  private static NiftiReader open(ByteArrayOutputStream bytes) throws IOException {
    return NiftiReader.open(new ByteArrayInputStream(bytes.toByteArray()), ReadLimits.DEFAULT);
  }

  private static short[] ramp(int count) {
    short[] voxels = new short[count];
    for (int i = 0; i < count; i++) {
      voxels[i] = (short) (100 * i - 1000);
    }
    return voxels;
  }
}
