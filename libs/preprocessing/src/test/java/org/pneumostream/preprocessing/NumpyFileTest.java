package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumpyFileTest {

  private static final Path FROM_NUMPY =
      Path.of("src/test/resources/golden/odd-9x9x5.16x16x8.as-stored.npy");

  @TempDir private Path folder;

  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    Path written = folder.resolve("volume.npy");
    NumpyFile.read(FROM_NUMPY).writeTo(written);

    assertThat(written).hasSameBinaryContentAs(FROM_NUMPY);
  }

  @Test
  void refusesAFileThatIsNotNumpys() throws IOException {
    Path file = Files.writeString(folder.resolve("text.npy"), "no volume at all");

    assertThatThrownBy(() -> NumpyFile.read(file))
        .isInstanceOf(PreprocessingException.class)
        .hasMessageStartingWith("magic is ");
  }

  @Test
  void refusesOtherDatatypes() throws IOException {
    byte[] bytes = Files.readAllBytes(FROM_NUMPY);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("<f4", "<f8");
    Path file = folder.resolve("double.npy");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> NumpyFile.read(file))
        .isInstanceOf(PreprocessingException.class)
        .hasMessage(
            "header is {'descr': '<f8', 'fortran_order': False, 'shape': (16, 16, 8), },"
                + " expected float32 little-endian, C order, three axes");
  }

  @Test
  void refusesEveryFileThatIsCutOff() throws IOException {
    byte[] bytes = Files.readAllBytes(FROM_NUMPY);
    Path file = folder.resolve("cut.npy");
    for (int length = 0; length < bytes.length; length += 7) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> NumpyFile.read(file))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(PreprocessingException.class);
    }
  }
}
