package org.pneumostream.jnifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pneumostream.jdata.InvalidDataException;

/** A page of padding may follow a scan, since programs and tapes add it, and nothing more. */
class TrailingBytesTest {
  private static final int PAGE = 4096;

  @ParameterizedTest
  @EnumSource(names = {"NIFTI1", "NIFTI2", "JNII"})
  void acceptsAPageOfPadding(Format format) throws IOException {
    byte[] scan = Scans.small(format);

    assertThat(Scans.values(padded(scan, PAGE))).isEqualTo(Scans.values(scan));
    assertThat(Scans.values(Scans.gzip(padded(scan, PAGE)))).isEqualTo(Scans.values(scan));
  }

  @ParameterizedTest
  @EnumSource(names = {"NIFTI1", "NIFTI2"})
  void refusesMoreThanAPageOfPadding(Format format) {
    byte[] scan = padded(Scans.small(format), PAGE + 1);

    assertRefused(scan, "padding after the last voxel is longer, expected at most 4096 bytes");
    assertRefused(
        Scans.gzip(scan), "padding after the last voxel is longer, expected at most 4096 bytes");
  }

  @Test
  void refusesMoreThanAPageAfterAJniftiDocument() {
    byte[] scan = padded(Scans.small(Format.JNII), 10 * PAGE);

    assertRefused(scan, "padding after the document is longer, expected at most 4096 bytes");
  }

  @Test
  void stopsReadingEndlessZeros() {
    ReadLimits endless = new ReadLimits(Long.MAX_VALUE, 4096, 1 << 20);
    Endless zeros = new Endless();
    InputStream scan =
        new SequenceInputStream(new ByteArrayInputStream(Scans.small(Format.NIFTI1)), zeros);

    assertThatThrownBy(() -> Scans.readAll(NiftiReader.open(scan, endless)))
        .isInstanceOf(InvalidDataException.class);
    assertThat(zeros.read).isLessThan(1 << 20);
  }

  @Test
  void stopsReadingEndlessZerosAfterAPairsHeader() throws IOException {
    byte[] header = Files.readAllBytes(Golden.FOLDER.resolve("pair-1.hdr"));
    Endless zeros = new Endless();
    InputStream start = new SequenceInputStream(new ByteArrayInputStream(header), zeros);

    assertThatThrownBy(
            () ->
                NiftiReader.openPair(
                    start,
                    new ByteArrayInputStream(new byte[48]),
                    new ReadLimits(Long.MAX_VALUE, 4096, 1 << 20)))
        .hasMessage("padding after the header is longer, expected at most 4096 bytes");
    assertThat(zeros.read).isLessThan(1 << 20);
  }

  @Test
  void gapBeforeTheVoxelsIsBoundedToo() {
    byte[] scan = Scans.with(HeaderField.VOX_OFFSET, 0, 3L << 30);

    assertThatThrownBy(() -> Scans.readAll(scan, new ReadLimits(Long.MAX_VALUE, 4096, 1 << 20)))
        .hasMessage("vox_offset is 3.221225472E9, expected from 352 to 16777568");
  }

  /** Counts the zeros read; fails before it could run for ever. */
  private static final class Endless extends InputStream {
    private static final long ENOUGH = 64L << 20;
    long read;

    @Override
    public int read() throws IOException {
      return read(new byte[1], 0, 1);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      read += length;
      if (read > ENOUGH) {
        throw new IOException("read on and on");
      }
      Arrays.fill(target, offset, offset + length, (byte) 0);
      return length;
    }
  }

  private static byte[] padded(byte[] scan, int count) {
    byte[] padded = Arrays.copyOf(scan, scan.length + count);
    if (scan[0] == '{') {
      Arrays.fill(padded, scan.length, padded.length, (byte) ' ');
    }
    return padded;
  }

  private static void assertRefused(byte[] scan, String message) {
    assertThatThrownBy(() -> Scans.readAll(scan))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage(message);
  }
}
