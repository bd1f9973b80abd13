package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiWriter;
import org.pneumostream.preprocessing.NumpyFile;
import org.pneumostream.volume.InputShape;

/** The largest scans in a small heap: a gigabyte of voxels is streamed. */
class SmallHeapIT {
  private static final int SLICES = 1000;

  @TempDir Path directory;

  @Test
  void preprocessesAThousandSlicesIn64MiB() throws Exception {
    Path scan = directory.resolve("long.nii.gz");
    writeScan(scan);
    Path volume = directory.resolve("volume.npy");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Pneumostream.class.getName(),
            "preprocess",
            scan.toString(),
            "--out",
            volume.toString());

    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();

    NumpyFile read = NumpyFile.read(volume);
    assertThat(read.shape()).isEqualTo(InputShape.FULL);
    // From -1000 HU in the first slice to 400 HU in the last one.
    for (int depth = 0; depth < read.shape().depth(); depth++) {
      assertThat(read.values()[depth]).isCloseTo(depth / 63f, within(1e-3f));
    }
  }

  private static void writeScan(Path file) throws Exception {
    NiftiHeader header =
        NiftiHeader.builder(Datatype.FLOAT32, 512, 512, SLICES).spacingMm(0.7, 0.7, 0.4).build();
    float[] slice = new float[512 * 512];
    try (NiftiWriter writer = NiftiWriter.open(file, header)) {
      for (int k = 0; k < SLICES; k++) {
        Arrays.fill(slice, -1000 + 1400f * k / (SLICES - 1));
        writer.writeSlice(slice);
      }
    }
  }
}
