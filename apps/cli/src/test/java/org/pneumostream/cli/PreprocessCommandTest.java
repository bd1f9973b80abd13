package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

class PreprocessCommandTest {
  @TempDir private Path folder;
  private Path scan;
  private Path out;

  @BeforeEach
  void writePhantom() throws IOException {
    scan = Execution.phantom(folder, "a.nii.gz");
    out = folder.resolve("v.npy");
  }

  @Test
  void writesTheSameVolumeAsTheStream() throws IOException {
    Execution execution = Execution.of("preprocess", scan, "--out", out);

    assertThat(execution).isEqualTo(new Execution(0, "", ""));
    assertThat(npy("(128, 128, 64)")).isEqualTo(resampled(Preprocessing.DEFAULT));
  }

  @Test
  void writesAnotherShapeAndOrientation() throws IOException {
    Execution execution =
        Execution.of(
            "preprocess", scan, "--out", out, "--shape", "20x30x10", "--orientation", "as-stored");

    assertThat(execution).isEqualTo(new Execution(0, "", ""));
    InputShape shape = new InputShape(20, 30, 10);
    float[] asStored = resampled(new Preprocessing(shape, OrientationPolicy.AS_STORED));
    assertThat(npy("(20, 30, 10)")).isEqualTo(asStored);
    // A phantom is stored LPS, so that the two differ.
    assertThat(asStored)
        .isNotEqualTo(resampled(new Preprocessing(shape, OrientationPolicy.CANONICAL)));
  }

  private float[] resampled(Preprocessing preprocessing) throws IOException {
    try (NiftiReader reader = NiftiReader.open(scan, ReadLimits.DEFAULT)) {
      return preprocessing.resample(reader);
    }
  }

  /** The values of a NumPy file of format version 1.0, after a look at its header. */
  private float[] npy(String shape) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = 10 + file.getShort(8);
    String header = new String(file.array(), 0, headerBytes, StandardCharsets.ISO_8859_1);
    assertThat(header)
        .startsWith("\u0093NUMPY\u0001\u0000")
        .contains("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }")
        .endsWith("\n");
    float[] values = new float[(file.capacity() - headerBytes) / Float.BYTES];
    file.position(headerBytes).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
