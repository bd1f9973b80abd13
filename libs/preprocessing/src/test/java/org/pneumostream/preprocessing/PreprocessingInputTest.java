package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.jnifti.ReadLimits;

class PreprocessingInputTest {

  @Test
  void refusesSeriesOfVolumes() throws IOException {
    try (NiftiReader series = open(scan(4, 4, 3, 2))) {
      assertThatThrownBy(() -> Preprocessing.DEFAULT.apply(series))
          .isInstanceOf(PreprocessingException.class)
          .hasMessage("dim is [4, 4, 3, 2], expected three axes");
    }
  }

  @Test
  void refusesScanThatIsCutOff() throws IOException {
    byte[] whole = scan(4, 4, 400);
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    try (NiftiReader scan = open(cut)) {
      assertThatThrownBy(() -> Preprocessing.DEFAULT.apply(scan))
          .isInstanceOf(InvalidDataException.class);
    }
  }

  private static NiftiReader open(byte[] file) throws IOException {
    return NiftiReader.open(new ByteArrayInputStream(file), ReadLimits.DEFAULT);
  }

  private static byte[] scan(int... dims) throws IOException {
    NiftiHeader header = NiftiHeader.builder(Datatype.INT16, dims).build();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    NiftiWriter.write(file, header, new short[Arrays.stream(dims).reduce(1, (a, b) -> a * b)]);
    return file.toByteArray();
  }
}
