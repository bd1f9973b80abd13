package org.pneumostream.jdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CompressionTest {
  private static final int PAGE = 4096;
  private static final byte[] PLAIN = "to be inflated, to be inflated, to be kept".getBytes(UTF_8);

  @Test
  void bytesWithoutTheMagicStayAsTheyAre() throws IOException {
    assertThat(inflated(PLAIN)).isEqualTo(PLAIN);
    assertThat(inflated(new byte[] {0x1f})).containsExactly(0x1f);
    assertThat(inflated(new byte[0])).isEmpty();
  }

  @Test
  void membersThatFollowEachOtherAreOneStream() throws IOException {
    byte[] member = gzip(PLAIN);
    byte[] two = Arrays.copyOf(member, 2 * member.length);
    System.arraycopy(member, 0, two, member.length, member.length);

    assertThat(new String(inflated(two), UTF_8)).isEqualTo(new String(PLAIN, UTF_8).repeat(2));
  }

  @Test
  void moreThanAPageAfterGzipDataIsRefused() throws IOException {
    byte[] whole = gzip(PLAIN);

    assertThat(inflated(Arrays.copyOf(whole, whole.length + PAGE))).isEqualTo(PLAIN);
    assertThatThrownBy(() -> inflated(Arrays.copyOf(whole, whole.length + PAGE + 1)))
        .isInstanceOf(InvalidDataException.class)
        .hasMessage("padding after the gzip data is longer, expected at most 4096 zeros");
  }

  @Test
  void neverGivesOtherBytesOfADamagedGzip() throws IOException {
    byte[] whole = gzip(PLAIN);
    int checksums = whole.length - 8;
    // Without the magic it would be no gzip.
    for (int bit = 16; bit < 8 * whole.length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        // Only what carries no data, such as the time in the gzip header, may go unnoticed.
        assertThat(inflated(damaged)).as("bit %d", bit).isEqualTo(PLAIN);
        assertThat(bit / 8).as("damaged checksum").isLessThan(checksums);
      } catch (InvalidDataException expected) {
        assertThat(expected.field()).isNotEmpty();
      }
    }
  }

  private static byte[] inflated(byte[] bytes) throws IOException {
    return Compression.inflate(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }
}
