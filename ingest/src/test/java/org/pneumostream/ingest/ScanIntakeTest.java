package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pneumostream.ingest.Scans.MIB;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.service.ScanStore;

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
  void keepsAScanAsPushedUnderTheHashOfItsUncompressedBytes(String name) throws Exception {
    AcceptedScan accepted = intake(MIB, MIB).accept(Scans.stream(Scans.bytes(name)), HTTP);

    assertThat(accepted.scanId()).isEqualTo(Scans.id(name));
    assertThat(accepted.scan().getContent()).isEqualTo(ByteBuffer.wrap(Scans.bytes(name)));
    assertThat(accepted.scan().getReference()).isNull();
    assertThat(accepted.scan().getHeaderLength()).isNull();
    assertThat(accepted.scan().getReceivedAt()).isEqualTo(Scans.NOW);
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pair.hdr", "gzipped-pair.hdr.gz"})
  void keepsAPairUncompressedHeaderFirst(String header) throws Exception {
    AcceptedScan accepted = intake(MIB, MIB).accept(ScanFile.of(Scans.path(header)), HTTP);

    byte[] head = Scans.bytes("pair.hdr");
    byte[] voxels = Scans.bytes("pair.img");
    byte[] both = Arrays.copyOf(head, head.length + voxels.length);
    System.arraycopy(voxels, 0, both, head.length, voxels.length);
    assertThat(accepted.scanId()).isEqualTo(Scans.id(header));
    assertThat(accepted.scan().getHeaderLength()).isEqualTo(348);
    assertThat(accepted.scan().getContent()).isEqualTo(ByteBuffer.wrap(both));
  }

  @Test
  void passesOnWhatThePusherSays() throws Exception {
    Provenance provenance =
        new Provenance(ScanSource.COMMAND_LINE, Optional.of("S-1"), Optional.of(Finding.ABNORMAL));

    Scan scan = intake(MIB, MIB).accept(Scans.stream(Scans.bytes("volume.nii")), provenance).scan();

    assertThat(scan.getSource()).isEqualTo(ScanSource.COMMAND_LINE);
    assertThat(scan.getStudyKey()).isEqualTo("S-1");
    assertThat(scan.getFinding()).isEqualTo(Finding.ABNORMAL);
  }

  @Test
  void keepsWhatIsOverTheInlineLimitInTheStore() throws Exception {
    byte[] pushed = Scans.bytes("volume.nii.gz");

    AcceptedScan inline = intake(pushed.length, MIB).accept(Scans.stream(pushed), HTTP);
    AcceptedScan referred = intake(pushed.length - 1, MIB).accept(Scans.stream(pushed), HTTP);

    assertThat(inline.scan().getContent()).isNotNull();
    assertThat(referred.scanId()).isEqualTo(inline.scanId());
    assertThat(referred.scan().getContent()).isNull();
    assertThat(referred.bytes()).isEqualTo(pushed.length);
    try (InputStream kept = new ScanStore(store()).open(referred.scan().getReference())) {
      assertThat(kept.readAllBytes()).isEqualTo(pushed);
    }
    assertThat(Scans.filesIn(store())).containsExactly(
            referred.scanId() + "." + referred.scan().getReference().getSha256());
  }

  @Test
  void keepsALargePairInTheStore() throws Exception {
    AcceptedScan accepted =
        intake(400, MIB).accept(ScanFile.of(Scans.path("gzipped-pair.img.gz")), HTTP);

    assertThat(accepted.scanId()).isEqualTo(Scans.id("pair.hdr"));
    assertThat(accepted.scan().getHeaderLength()).isEqualTo(348);
    assertThat(accepted.bytes()).isEqualTo(348 + 9600);
    // Header and image in a row is what the scan id is the hash of.
    assertThat(accepted.scan().getReference().getSha256()).isEqualTo(accepted.scanId());
  }

  @Test
  void holdsNoMoreThanTheInlineLimitOfALargeScan() throws Exception {
    int slices = 128;
    InputStream scan =
        new SequenceInputStream(
            Scans.stream(header(512, 512, slices)), zeros(512L * 512 * slices * 2));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    AcceptedScan accepted = intake(MIB, 1L << 30).accept(scan, HTTP);
    long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

    assertThat(accepted.bytes()).isEqualTo(352 + (64L << 20));
    assertThat(allocated).isLessThan(12L * MIB);
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

  private Path store() {
    return temp.resolve("scan-store");
  }

  private ScanIntake intake(int inlineMaxBytes, long maxScanBytes) {
    return Scans.intake(store(), inlineMaxBytes, maxScanBytes);
  }

  /** A NIfTI-1 header of int16 voxels, up to where they begin. */
  private static byte[] header(int width, int height, int depth) {
    ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, 348);
    short[] dim = {3, (short) width, (short) height, (short) depth, 1, 1, 1, 1};
    IntStream.range(0, dim.length).forEach(i -> header.putShort(40 + 2 * i, dim[i]));
    header.putShort(70, (short) 4).putShort(72, (short) 16);
    IntStream.range(0, 8).forEach(i -> header.putFloat(76 + 4 * i, 1));
    header.putFloat(108, 352);
    header.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  private static InputStream zeros(long count) {
    return new InputStream() {
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int given = (int) Math.min(left, length);
        Arrays.fill(target, offset, offset + given, (byte) 0);
        left -= given;
        return given;
      }
    };
  }
}
