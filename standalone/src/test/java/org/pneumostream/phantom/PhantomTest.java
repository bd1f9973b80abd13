package org.pneumostream.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.jnifti.Datatype;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.ReadLimits;

class PhantomTest {

  private static final PhantomSize SMALL = new PhantomSize(96, 96, 40);

  @TempDir private Path folder;

  @Test
  void writesScanThatSaysItIsSynthetic() throws IOException {
    Phantom phantom = Phantom.generate(7, PhantomFinding.ABNORMAL, SMALL);
    Path file = folder.resolve("phantom.nii.gz");
    phantom.writeTo(file);

    try (NiftiReader reader = NiftiReader.open(file, ReadLimits.DEFAULT)) {
      NiftiHeader header = reader.header();
      assertThat(header.dims()).containsExactly(96, 96, 40);
      assertThat(header.datatype()).isEqualTo(Datatype.INT16);
      assertThat(header.orientation()).isEqualTo("LPS");
      assertThat(header.description())
          .isEqualTo("synthetic chest CT, Pneumostream phantom, abnormal, seed 7");
      assertThat(header.spacingMm()[0]).isBetween(3.0, 5.0).isEqualTo(header.spacingMm()[1]);
      assertThat(header.spacingMm()[2]).isBetween(4.5, 8.0);
      short[] voxels = phantom.voxels();
      for (int k = 0; k < 40; k++) {
        float[] slice = new float[96 * 96];
        reader.nextSlice().copyTo(slice);
        for (int i = 0; i < slice.length; i++) {
          assertThat(slice[i]).isEqualTo(voxels[k * slice.length + i]);
        }
      }
    }
  }
}
