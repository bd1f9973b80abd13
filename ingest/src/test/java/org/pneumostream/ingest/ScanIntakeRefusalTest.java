package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pneumostream.ingest.Scans.MIB;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.jnifti.Format;
import org.pneumostream.schemas.ScanSource;

class ScanIntakeRefusalTest {
  private static final Provenance HTTP = Provenance.of(ScanSource.HTTP);

  @TempDir Path temp;

  static Stream<Arguments> badScans() throws IOException {
    byte[] zipped = Scans.bytes("volume.nii.gz");
    byte[] plain = Scans.bytes("volume.nii");
    byte[] badCrc = zipped.clone();
    badCrc[zipped.length - 8] ^= 1;
    byte[] trailing = Arrays.copyOf(zipped, zipped.length + 3);
    trailing[zipped.length] = 'x';
    return Stream.of(
        Arguments.of("no bytes", new byte[0], Reason.EMPTY, "empty"),
        Arguments.of(
            "text",
            "Dear colleague, ...".repeat(500).getBytes(StandardCharsets.UTF_8),
            Reason.NOT_A_SCAN,
            "not a scan"),
        Arguments.of(
            "gzipped text",
            Scans.gzip("hello".repeat(500).getBytes(StandardCharsets.UTF_8)),
            Reason.NOT_A_SCAN,
            "not a scan"),
        Arguments.of("zeros", new byte[20_000], Reason.NOT_A_SCAN, "sizeof_hdr"),
        Arguments.of(
            "a negative dimension",
            Scans.bytes("negative-dimension.nii"),
            Reason.NOT_A_SCAN,
            "dim[1] is -24"),
        Arguments.of(
            "a 4D series", Scans.bytes("series.nii.gz"), Reason.NOT_ONE_VOLUME, "[12, 10, 5, 2]"),
        Arguments.of(
            "complex voxels", Scans.bytes("complex.nii.gz"), Reason.NOT_A_SCAN, "datatype"),
        Arguments.of(
            "the header of a pair alone", Scans.bytes("pair.hdr"), Reason.NOT_A_SCAN, "magic"),
        Arguments.of(
            "a header cut off", Arrays.copyOf(plain, 200), Reason.NOT_A_SCAN, "not a scan"),
        Arguments.of(
            "voxels cut off", Arrays.copyOf(plain, plain.length - 1), Reason.DAMAGED, "cut off"),
        Arguments.of(
            "gzip cut off", Arrays.copyOf(zipped, zipped.length - 1), Reason.DAMAGED, "cut off"),
        Arguments.of("a wrong CRC", badCrc, Reason.DAMAGED, "CRC"),
        Arguments.of("something after the gzip data", trailing, Reason.DAMAGED, "gzip"),
        Arguments.of(
            "nothing but zeros behind the header",
            Scans.nearlyConstant(Format.NIFTI1, 0, 0),
            Reason.NOT_A_SCAN,
            "not a scan: all 512 voxels are equal"),
        Arguments.of(
            "JNIfTI of one value",
            Scans.nearlyConstant(Format.JNII, -1000, -1000),
            Reason.NOT_A_SCAN,
            "not a scan: all 512 voxels are equal"),
        Arguments.of("gzip within gzip", Scans.gzip(zipped), Reason.NOT_A_SCAN, "more than once"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badScans")
  void refusesWithTheReasonAndLeavesNothingBehind(
      String what, byte[] pushed, Reason reason, String message) throws Exception {
    Outcome.Rejected rejected = intake(64, MIB).reject(Scans.stream(pushed), HTTP);

    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.message()).contains(message).doesNotContain("\n");
    assertThat(Scans.filesIn(store())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume.nii", "volume.nii.gz"})
  void refusesEveryPrefix(String name) throws Exception {
    byte[] whole = Scans.bytes(name);
    IntakeFixture intake = intake(MIB, MIB);

    long refused =
        IntStream.range(0, whole.length)
            .filter(length -> length % 17 == 0 || length > whole.length - 40 || length < 400)
            .filter(length -> isRefused(intake, Arrays.copyOf(whole, length)))
            .count();

    long tried =
        IntStream.range(0, whole.length)
            .filter(length -> length % 17 == 0 || length > whole.length - 40 || length < 400)
            .count();
    assertThat(refused).isEqualTo(tried).isGreaterThan(800);
  }

  @Test
  void refusesAPairWhoseImageIsCutOff() throws Exception {
    byte[] header = Scans.bytes("pair.hdr");
    byte[] image = Scans.bytes("pair.img");

    Outcome.Rejected cutOff = rejectPair(header, Arrays.copyOf(image, image.length - 2));
    assertThat(cutOff.reason()).isEqualTo(Reason.DAMAGED);
    assertThat(cutOff.message()).contains("cut off");
    Outcome.Rejected empty = rejectPair(new byte[0], image);
    assertThat(empty.reason()).isEqualTo(Reason.EMPTY);
    assertThat(empty.message()).contains("header file is empty");
    assertThat(Scans.filesIn(store())).isEmpty();
  }

  @Test
  void acceptsTheLimitAndRefusesOneByteMore() throws Exception {
    byte[] pushed = Scans.bytes("volume.nii.gz");

    assertThat(intake(64, pushed.length).accept(Scans.stream(pushed), HTTP).scanId())
        .isEqualTo(Scans.id("volume.nii.gz"));
    assertThat(intake(64, pushed.length - 1).reject(Scans.stream(pushed), HTTP))
        .isEqualTo(
            new Outcome.Rejected(
                Reason.TOO_LARGE,
                "scan is larger than " + (pushed.length - 1) + " bytes (max-scan-bytes)"));
    // Only the accepted scan.
    assertThat(Scans.filesIn(store())).hasSize(1);
  }

  @Test
  void stopsReadingAfterAnInvalidHeader() throws Exception {
    Endless text = new Endless();

    assertThat(intake(MIB, 1L << 40).reject(text, HTTP).reason()).isEqualTo(Reason.NOT_A_SCAN);
    assertThat(text.given).isLessThan(MIB);
    assertThat(Scans.filesIn(store())).isEmpty();
  }

  @Test
  void distinguishesABrokenPushFromABadScan() throws Exception {
    byte[] half = Arrays.copyOf(Scans.bytes("volume.nii"), 5000);
    InputStream broken =
        new SequenceInputStream(
            Scans.stream(half),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("connection reset");
              }
            });

    assertThatThrownBy(() -> intake(64, MIB).accept(broken, HTTP))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection reset");
    assertThat(Scans.filesIn(store())).isEmpty();
  }

  @Test
  void distinguishesAFailedStoreFromABadScan() throws Exception {
    Files.writeString(store(), "a file where the folder should be");

    assertThatThrownBy(() -> intake(64, MIB).accept(Scans.stream(Scans.bytes("volume.nii")), HTTP))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("scan store");
  }

  private Path store() {
    return temp.resolve("scan-store");
  }

  private IntakeFixture intake(int inlineMaxBytes, long maxScanBytes) {
    return Scans.intake(store(), inlineMaxBytes, maxScanBytes);
  }

  private Outcome.Rejected rejectPair(byte[] header, byte[] image) throws Exception {
    Path file = Files.write(temp.resolve("p.hdr"), header);
    Files.write(temp.resolve("p.img"), image);
    return intake(64, MIB).reject(ScanFile.of(file), HTTP);
  }

  private static boolean isRefused(IntakeFixture fixture, byte[] pushed) {
    try {
      Outcome outcome = fixture.intake.accept(new StreamedScan(Scans.stream(pushed)), HTTP);
      return outcome instanceof Outcome.Rejected;
    } catch (UnavailableException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Endless text. */
  private static final class Endless extends InputStream {
    private long given;

    @Override
    public int read() {
      given++;
      return 'x';
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Arrays.fill(target, offset, offset + length, (byte) 'x');
      given += length;
      return length;
    }
  }
}
