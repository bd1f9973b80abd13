package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pneumostream.ingest.Scans.MIB;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.jdata.Compression;
import org.pneumostream.jnifti.Format;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.scanstore.ScanCompression;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.settings.Settings;

class ScanIntakeTest {
  private static final Provenance HTTP = Provenance.of(ScanSource.HTTP);

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volume.nii",
        "volume.nii.gz",
        "volume-nifti2.nii.gz",
        "fourth-dimension-of-one.nii.gz"
      })
  void scanIdIsTheHashOfTheUncompressedPushedBytes(String name) throws Exception {
    IntakeFixture.Taken accepted = intake(MIB, MIB).accept(Scans.stream(Scans.bytes(name)), HTTP);

    assertThat(accepted.scanId()).isEqualTo(Scans.id(name));
    byte[] content = bytes(accepted.scan().getContent());
    assertThat(voxels(ScanCompression.decompress(Scans.stream(content))))
        .isEqualTo(voxels(Compression.inflate(Scans.stream(Scans.bytes(name)))));
    assertThat(accepted.scan().getReference()).isNull();
    assertThat(accepted.scan().getReceivedAt()).isEqualTo(Scans.NOW);
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  /** 257 has two equal bytes, and differs from 1 in one of them. */
  @ParameterizedTest
  @CsvSource({"0, 1", "257, 1", "1, 257", "-1000, -999"})
  void acceptsAScanInWhichOneVoxelDiffers(int value, int last) throws Exception {
    byte[] file = Scans.nearlyConstant(Format.NIFTI2, value, last);

    assertThat(intake(MIB, MIB).accept(Scans.stream(file), HTTP).scanId()).isNotEmpty();
  }

  @Test
  void refusesAFileWrittenToWhileItIsRead() throws Exception {
    Path file = Files.copy(Scans.path("volume.nii.gz"), temp.resolve("a.nii.gz"));
    ScanFile scan = ScanFile.of(file);
    PushedScan written =
        new PushedScan() {
          @Override
          public InputStream open() throws RejectedScanException, IOException {
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
            return scan.open();
          }

          @Override
          public Optional<InputStream> openImage() throws IOException {
            return scan.openImage();
          }

          @Override
          public List<FileState> states() throws IOException {
            return scan.states();
          }
        };
    IntakeFixture intake = intake(MIB, MIB);

    assertThatThrownBy(() -> intake.accept(written, HTTP))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("a.nii.gz: was written to while it was read");
    assertThat(intake.sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pair.hdr", "gzipped-pair.hdr.gz"})
  void storesAPairAsOneFile(String header) throws Exception {
    IntakeFixture.Taken accepted = intake(MIB, MIB).accept(ScanFile.of(Scans.path(header)), HTTP);

    byte[] content = bytes(accepted.scan().getContent());
    assertThat(accepted.scanId()).isEqualTo(Scans.id(header));
    assertThat(voxels(ScanCompression.decompress(Scans.stream(content))))
        .isEqualTo(Scans.bytes("pair.img"));
  }

  @Test
  void passesOnTheClientsProvenance() throws Exception {
    Provenance provenance =
        new Provenance(ScanSource.COMMAND_LINE, Optional.of("S-1"), Optional.of(Finding.ABNORMAL));

    Scan scan = intake(MIB, MIB).accept(Scans.stream(Scans.bytes("volume.nii")), provenance).scan();

    assertThat(scan.getSource()).isEqualTo(ScanSource.COMMAND_LINE);
    assertThat(scan.getStudyKey()).isEqualTo("S-1");
    assertThat(scan.getFinding()).isEqualTo(Finding.ABNORMAL);
  }

  @Test
  void replacesTheStudyKeyIfASecretIsSet() throws Exception {
    String secret = "0123456789abcdef";
    Settings settings = Settings.of(IngestConfig.ALL, Map.of("study-key-secret", secret));
    IntakeFixture intake =
        new IntakeFixture(
            IngestConfig.from(settings), new DirectoryScanStore(store()), Clock.systemUTC());
    Provenance provenance = new Provenance(ScanSource.HTTP, Optional.of("S-1"), Optional.empty());

    Scan scan = intake.accept(Scans.stream(Scans.bytes("volume.nii")), provenance).scan();

    assertThat(scan.getStudyKey()).isEqualTo(new StudyPseudonyms(secret).of("S-1"));
  }

  @Test
  void storesScansOverTheInlineLimit() throws Exception {
    byte[] pushed = Scans.bytes("volume.nii.gz");

    IntakeFixture.Taken inline = intake(MIB, MIB).accept(Scans.stream(pushed), HTTP);
    int length = inline.scan().getContent().remaining();
    assertThat(intake(length, MIB).accept(Scans.stream(pushed), HTTP).scan().getContent())
        .isEqualTo(inline.scan().getContent());
    IntakeFixture.Taken referred = intake(length - 1, MIB).accept(Scans.stream(pushed), HTTP);

    assertThat(referred.scanId()).isEqualTo(inline.scanId());
    assertThat(referred.scan().getContent()).isNull();
    assertThat(referred.bytes()).isEqualTo(length);
    try (InputStream kept = new DirectoryScanStore(store()).open(referred.scan().getReference())) {
      assertThat(ByteBuffer.wrap(kept.readAllBytes())).isEqualTo(inline.scan().getContent());
    }
    assertThat(Scans.filesIn(store()))
        .containsExactly(referred.scanId() + "." + referred.scan().getReference().getSha256());
  }

  @Test
  void storesALargePair() throws Exception {
    IntakeFixture.Taken accepted =
        intake(400, MIB).accept(ScanFile.of(Scans.path("pair.img")), HTTP);

    assertThat(accepted.scanId()).isEqualTo(Scans.id("pair.hdr"));
    try (InputStream kept = new DirectoryScanStore(store()).open(accepted.scan().getReference())) {
      assertThat(voxels(ScanCompression.decompress(kept))).isEqualTo(Scans.bytes("pair.img"));
    }
  }

  @Test
  void readsOneJniftiScanAtATime() throws Exception {
    byte[] whole = Scans.jnifti();
    IntakeFixture intake = intake(MIB, MIB);
    InputStream othersMeanwhile =
        new InputStream() {
          @Override
          public int read() throws IOException {
            assertThatThrownBy(() -> intake.accept(Scans.stream(whole), HTTP))
                .isInstanceOf(BusyException.class);
            assertThatCode(() -> intake.accept(Scans.stream(Scans.bytes("volume.nii")), HTTP))
                .doesNotThrowAnyException();
            return -1;
          }
        };
    InputStream pushed =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    Scans.stream(Arrays.copyOf(whole, 100)),
                    othersMeanwhile,
                    Scans.stream(Arrays.copyOfRange(whole, 100, whole.length)))));

    String scanId = intake.accept(pushed, HTTP).scanId();

    assertThat(intake.accept(Scans.stream(whole), HTTP).scanId()).isEqualTo(scanId);
  }

  @Test
  void leavesTheStreamOpen() throws Exception {
    ByteArrayInputStream pushed =
        new ByteArrayInputStream(Scans.bytes("volume.nii.gz")) {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };

    assertThat(intake(MIB, MIB).accept(pushed, HTTP).scanId()).isEqualTo(Scans.id("volume.nii"));
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    return bytes;
  }

  /** The stored voxels of a little-endian file of one piece: what begins at vox_offset. */
  private static byte[] voxels(InputStream file) throws Exception {
    try (file) {
      byte[] bytes = file.readAllBytes();
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int offset = header.getInt(0) == 348 ? (int) header.getFloat(108) : (int) header.getLong(168);
      return Arrays.copyOfRange(bytes, offset, bytes.length);
    }
  }

  private Path store() {
    return temp.resolve("scan-store");
  }

  private IntakeFixture intake(int inlineMaxBytes, long maxScanBytes) {
    return Scans.intake(store(), inlineMaxBytes, maxScanBytes);
  }
}
