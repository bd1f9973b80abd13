package org.pneumostream.jnifti;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jdata.InvalidDataException;

class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DIM | 0 | 0 | dim[0] is 0, expected from 1 to 7",
        "DIM | 0 | 8 | dim[0] is 8, expected from 1 to 7",
        "DIM | 1 | -4 | dim[1] is -4, expected from 1 to 4096",
        "DIM | 2 | 0 | dim[2] is 0, expected from 1 to 4096",
        "DIM | 3 | 4097 | dim[3] is 4097, expected from 1 to 4096",
        "DATATYPE | 0 | 0 | datatype is 0, expected one of NIfTI's type codes",
        "DATATYPE | 0 | 1 | datatype is 1, expected one of NIfTI's type codes",
        "DATATYPE | 0 | 32 | datatype is 32 (complex64), expected an integer type",
        "DATATYPE | 0 | 128 | datatype is 128 (RGB24), expected an integer type",
        "DATATYPE | 0 | 2304 | datatype is 2304 (RGBA32), expected an integer type",
        "DATATYPE | 0 | 1536 | datatype is 1536 (float128), expected an integer type",
        "VOX_OFFSET | 0 | 351 | vox_offset is 351.0, expected from 352 to 1048576",
        "VOX_OFFSET | 0 | 352.5 | vox_offset is 352.5, expected from 352 to 1048576",
        "VOX_OFFSET | 0 | NaN | vox_offset is NaN, expected from 352 to 1048576",
        "VOX_OFFSET | 0 | 1e9 | vox_offset is 1.0E9, expected from 352 to 1048576",
        "SCL_INTER | 0 | NaN | scl_inter is NaN, expected a finite number",
        "SIZEOF_HDR | 0 | 347 | sizeof_hdr is 5b 01 00 00, expected 348 (NIfTI-1)",
      })
  void namesTheFieldAndItsValue(HeaderField field, int index, double value, String message) {
    byte[] scan = Scans.with(field, index, value);
    if (field == HeaderField.SCL_INTER) {
      scan[HeaderField.SCL_SLOPE.in(Format.NIFTI1).offset() + 3] = 0x40; // slope 2
    }
    assertThatThrownBy(() -> Scans.readAll(scan))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void exceptionHasFieldValueAndExpectation() {
    InvalidDataException refusal =
        catchThrowableOfType(
            InvalidDataException.class, () -> Scans.readAll(Scans.with(HeaderField.DIM, 1, -4)));
    assertThat(refusal.field()).isEqualTo("dim[1]");
    assertThat(refusal.value()).isEqualTo("-4");
    assertThat(refusal.expected()).isEqualTo("from 1 to 4096");
  }

  @Test
  void refusesWhatIsNotAScan() {
    assertRefused(new byte[0], "file is empty");
    assertRefused(new byte[4096], "sizeof_hdr is 00 00 00 00");
    assertRefused("The patient was seen on Monday.".getBytes(UTF_8), "sizeof_hdr is 54 68 65 20");
    assertRefused("{}".getBytes(UTF_8), "NIFTIData is missing");
    assertRefused("{\"a\": [1, 2}".getBytes(UTF_8), "JSON text is");
    assertRefused("{\"NIFTIData\": 7}".getBytes(UTF_8), "NIFTIData is NUMBER");
    byte[] noMagic = Scans.small(Format.NIFTI1);
    noMagic[344] = 'x';
    assertRefused(noMagic, "magic is 'x+1', expected n+1 or ni1");
    byte[] halfOfPair = Scans.small(Format.NIFTI1);
    halfOfPair[345] = 'i';
    assertRefused(halfOfPair, "magic is ni1, expected voxels in the same file");
    byte[] asText = Scans.small(Format.NIFTI2);
    asText[8] = '\n';
    assertRefused(asText, "magic[4..7] is damaged, expected 0d 0a 1a 0a");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void reportsAFileTooShortForAnyHeader(int length) {
    byte[] start = Arrays.copyOf(new byte[] {0x1f, 0, 1}, length);

    assertRefused(start, "file is too short (" + length + " bytes), expected at least 348 bytes");
  }

  @Test
  void keepsTheJsonParsersWholeMessage() {
    String document = "{\"NIFTIData\": [1, 2}";

    assertThatThrownBy(() -> Scans.readAll(document.getBytes(UTF_8)))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(
            "JSON text is damaged at line 1, column 20 (Unexpected close marker '}':"
                + " expected ']' (for Array starting at [line: 1, column: 15])),"
                + " expected a JNIfTI document");
  }

  @ParameterizedTest
  @EnumSource(names = {"NIFTI1", "NIFTI2", "JNII"})
  void refusesEveryCutOffPrefix(Format format) {
    byte[] whole = Scans.small(format);
    assertEveryPrefixIsRefused(whole);
    assertEveryPrefixIsRefused(Scans.gzip(whole));
  }

  static List<Path> binaryJnifti() {
    return Golden.scans().stream()
        .filter(scan -> scan.format() == Format.BNII)
        .map(Golden::file)
        .filter(file -> file.getFileName().toString().startsWith("int16"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("binaryJnifti")
  void refusesEveryCutOffPrefixOfBinaryJnifti(Path file) throws IOException {
    assertEveryPrefixIsRefused(Files.readAllBytes(file));
  }

  private static void assertEveryPrefixIsRefused(byte[] whole) {
    for (int length = 0; length < whole.length; length++) {
      byte[] prefix = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Scans.readAll(prefix))
          .as("the first %d of %d bytes", length, whole.length)
          .isInstanceOf(InvalidDataException.class);
    }
  }

  @Test
  void reportsMissingVoxels() {
    assertRefused(
        Scans.with(HeaderField.DIM, 3, 3),
        "voxels of a slice is cut off after 0 bytes, expected 24 bytes");
  }

  @Test
  void refusesMoreVoxelsThanAllowedBeforeReadingThem() {
    byte[] scan = Scans.with(HeaderField.DIM, 1, 4096);
    scan[HeaderField.DIM.in(Format.NIFTI1).offset() + 5] = 16; // dim[2]: 3 + 4096
    assertRefused(scan, "dim[2] is 4099");
    byte[] larger = Scans.with(HeaderField.DIM, 1, 100);
    assertThatThrownBy(() -> Scans.readAll(larger, new ReadLimits(400, 100)))
        .hasMessageStartingWith("dim is [100, 3, 2] of int16, expected at most 400 bytes");
  }

  @Test
  void stopsAtTheLimitInsideAGzipBomb() {
    byte[] bomb = new byte[16 << 20];
    Arrays.fill(bomb, (byte) ' ');
    bomb[0] = '{';
    assertRefused(
        Scans.gzip(bomb), "size after decompression is larger, expected at most 1048576 bytes");
  }

  @Test
  void refusesAJniftiHeaderThatContradictsItsArray() {
    String document =
        "{\"NIFTIHeader\": {\"Dim\": [2, 3]}, \"NIFTIData\": [[1, 2], [3, 4], [5, 6]]}";
    assertRefused(document.getBytes(UTF_8), "Dim is [2, 3], expected the array's own size, [3, 2]");
  }

  @Test
  void refusesHalfAPair(@TempDir Path directory) throws IOException {
    Path header = directory.resolve("scan.hdr");
    Files.copy(Golden.FOLDER.resolve("pair-1.hdr"), header);
    assertThatThrownBy(() -> NiftiReader.open(header, Scans.LIMITS))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage("pair is scan.hdr alone, expected scan.img[.gz] beside it");
    byte[] image = Files.readAllBytes(Golden.FOLDER.resolve("pair-1.img"));
    Files.write(directory.resolve("scan.img"), Arrays.copyOf(image, image.length - 1));
    try (NiftiReader reader = NiftiReader.open(header, Scans.LIMITS)) {
      assertThatThrownBy(() -> Scans.readAll(reader))
          .hasMessage("voxels of a slice is cut off after 23 bytes, expected 24 bytes");
    }
  }

  @Test
  void refusesASingleFileHeaderInAPair() {
    ByteArrayInputStream single = new ByteArrayInputStream(Scans.small(Format.NIFTI1));
    assertThatThrownBy(
            () ->
                NiftiReader.openPair(single, new ByteArrayInputStream(new byte[48]), Scans.LIMITS))
        .hasMessage("magic is n+1, expected ni1 or ni2 in the header of a pair");
  }

  @Test
  void replacesControlCharactersInMessages() {
    byte[] scan = Scans.small(Format.NIFTI1);
    scan[344] = 27;
    assertRefused(scan, "magic is '\uFFFD+1'");
  }

  @Test
  void readsRandomBytesWithoutAnyOtherException() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      byte[] noise = new byte[random.nextInt(1000)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> Scans.readAll(noise)).isInstanceOf(InvalidDataException.class);
    }
  }

  private static void assertRefused(byte[] scan, String message) {
    assertThatThrownBy(() -> Scans.readAll(scan))
        .isInstanceOf(InvalidDataException.class)
        .hasMessageStartingWith(message);
  }
}
