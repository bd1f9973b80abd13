package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pneumostream.ingest.Scans.MIB;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.ScanSource;

/** How much memory the intake of one scan takes, in allocated bytes. */
class ScanIntakeMemoryTest {
  private static final Provenance HTTP = Provenance.of(ScanSource.HTTP);

  @TempDir Path temp;

  /** The first scan of a JVM also allocates for classes and for zstd's native library. */
  @BeforeEach
  void acceptAFirstScan() throws Exception {
    intake(1, MIB).accept(Scans.stream(Scans.bytes("volume.nii.gz")), HTTP);
  }

  @ParameterizedTest
  @CsvSource({"512, 128", "4096, 2"})
  void holdsAtMostTheInlineLimitOfALargeScanInMemory(int width, int slices) throws Exception {
    InputStream scan =
        new SequenceInputStream(
            Scans.stream(header(width, width, slices)), noise((long) width * width * slices * 2));

    long before = allocated();
    IntakeFixture.Taken accepted = intake(MIB, 1L << 30).accept(scan, HTTP);

    assertThat(allocated() - before).isLessThan(12L * MIB);
    assertThat(accepted.bytes()).isBetween(64L << 20, 65L << 20);
  }

  @Test
  void allocatesNothingFromAHeadersClaim() throws Exception {
    InputStream scan = Scans.stream(header(4096, 4096, 1));

    long before = allocated();
    assertThat(intake(MIB, MIB).reject(scan, HTTP).message()).contains("cut off");

    assertThat(allocated() - before).isLessThan(12L * MIB);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private IntakeFixture intake(int inlineMaxBytes, long maxScanBytes) {
    return Scans.intake(temp.resolve("scan-store"), inlineMaxBytes, maxScanBytes);
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

  /** Incompressible bytes. */
  private static InputStream noise(long count) {
    return new InputStream() {
      private final Random random = new Random(1);
      private long left = count;

      @Override
      public int read() {
        return left-- > 0 ? random.nextInt(256) : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
          return -1;
        }
        int given = (int) Math.min(left, length);
        for (int i = 0; i < given; i++) {
          target[offset + i] = (byte) random.nextInt();
        }
        left -= given;
        return given;
      }
    };
  }
}
