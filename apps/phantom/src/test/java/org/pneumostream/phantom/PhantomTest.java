package org.pneumostream.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
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
  void writesAScanMarkedAsSynthetic() throws IOException {
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

  @Test
  void sameSeedGivesTheSameVoxelsOnEveryJava() throws Exception {
    assertThat(sha256(Phantom.generate(42, PhantomFinding.ABNORMAL, SMALL)))
        .isEqualTo("31c788d3644efbc941771f96e5ed39c0f8059d25dbf0a4510cc9252a02c7ff91");
  }

  @Test
  void otherSeedIsAnotherPatient() {
    Phantom one = Phantom.generate(1, PhantomFinding.NORMAL, SMALL);
    Phantom other = Phantom.generate(2, PhantomFinding.NORMAL, SMALL);

    assertThat(one.header().spacingMm()).isNotEqualTo(other.header().spacingMm());
    assertThat(one.voxels()).isNotEqualTo(other.voxels());
  }

  @Test
  void normalAndAbnormalOfOneSeedDifferInTheLungsOnly() {
    short[] normal = Phantom.generate(3, PhantomFinding.NORMAL, SMALL).voxels();
    short[] abnormal = Phantom.generate(3, PhantomFinding.ABNORMAL, SMALL).voxels();

    int different = 0;
    int solid = 0;
    int groundGlass = 0;
    for (int i = 0; i < normal.length; i++) {
      if (normal[i] != abnormal[i]) {
        different++;
        solid += Math.min(normal[i], abnormal[i]) >= 0 ? 1 : 0;
        groundGlass += normal[i] < -700 && abnormal[i] > -700 && abnormal[i] < -300 ? 1 : 0;
      }
    }
    assertThat((double) groundGlass / normal.length).isBetween(0.005, 0.03);
    // At the pleura a voxel is lung in part only.
    assertThat((double) solid / different).isLessThan(0.01);
  }

  @Test
  void containsTheTissuesOfAChest() {
    for (long seed = 0; seed < 10; seed++) {
      short[] voxels = Phantom.generate(seed, PhantomFinding.NORMAL, SMALL).voxels();

      assertThat(shareBetween(voxels, -1024, -970)).as("air of seed %d", seed).isBetween(0.3, 0.55);
      assertThat(shareBetween(voxels, -960, -700)).as("lung of seed %d", seed).isBetween(0.1, 0.2);
      assertThat(shareBetween(voxels, -150, -50)).as("fat of seed %d", seed).isBetween(0.03, 0.15);
      assertThat(shareBetween(voxels, 0, 300))
          .as("soft tissue of seed %d", seed)
          .isBetween(0.12, 0.3);
      assertThat(shareBetween(voxels, 300, 1200))
          .as("bone of seed %d", seed)
          .isBetween(0.008, 0.03);
    }
  }

  private static double shareBetween(short[] voxels, int low, int high) {
    int within = 0;
    for (short hu : voxels) {
      within += hu >= low && hu < high ? 1 : 0;
    }
    return (double) within / voxels.length;
  }

  private static String sha256(Phantom phantom) throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    phantom.writeTo(file);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.toByteArray());
    return HexFormat.of().formatHex(digest);
  }
}
