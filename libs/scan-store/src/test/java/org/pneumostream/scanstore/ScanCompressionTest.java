package org.pneumostream.scanstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanCompressionTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000_000})
  void decompressesWhatItCompressed(int length) throws IOException {
    byte[] file = file(length);

    assertThat(decompressed(compressed(file))).isEqualTo(file);
  }

  @Test
  void theSameBytesGiveTheSameFrameHoweverTheyAreWritten() throws IOException {
    byte[] file = file(3_000_000);
    ByteArrayOutputStream inPieces = new ByteArrayOutputStream();
    try (OutputStream out = ScanCompression.compress(inPieces)) {
      for (int start = 0, length = 1; start < file.length; start += length, length += 1000) {
        out.write(file, start, Math.min(length, file.length - start));
      }
    }

    assertThat(inPieces.toByteArray()).isEqualTo(compressed(file));
  }

  @Test
  void compressesRepetition() throws IOException {
    assertThat(compressed(new byte[1_000_000])).hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"28", "28b52f", "5c010000aabb", "1f8b0800"})
  void refusesWhatIsNotAZstdFrame(String hex) {
    byte[] file = HexFormat.of().parseHex(hex);

    assertThatIOException()
        .isThrownBy(() -> decompressed(file))
        .withMessageStartingWith("not a whole, undamaged zstd frame: ");
  }

  @Test
  void detectsADamagedFrame() throws IOException {
    byte[] frame = compressed(file(1_000_000));
    frame[frame.length / 2] ^= 1;

    assertThatIOException().isThrownBy(() -> decompressed(frame));
  }

  @Test
  void detectsACutOffFrame() throws IOException {
    byte[] frame = compressed(file(1_000_000));

    assertThatIOException()
        .isThrownBy(() -> decompressed(Arrays.copyOf(frame, frame.length - 1)))
        .withMessageContaining("Truncated");
  }

  /** Bytes of 0 to 15: compressible, and without a checksum a flipped one would go unnoticed. */
  private static byte[] file(int length) {
    byte[] file = new byte[length];
    Random random = new Random(1);
    for (int i = 0; i < length; i++) {
      file[i] = (byte) random.nextInt(16);
    }
    return file;
  }

  private static byte[] compressed(byte[] file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = ScanCompression.compress(bytes)) {
      out.write(file);
    }
    return bytes.toByteArray();
  }

  private static byte[] decompressed(byte[] frame) throws IOException {
    try (InputStream in = ScanCompression.decompress(new ByteArrayInputStream(frame))) {
      return in.readAllBytes();
    }
  }
}
