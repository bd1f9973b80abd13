package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MontageCommandTest {
  private static final int CAPTION = 24;

  /** Gray of 153 HU in the window from −1000 to 400 HU: bone, not soft tissue. */
  private static final int BONE = 210;

  @TempDir private Path folder;

  @Test
  void drawsFortySlicesTenInRow() throws IOException {
    BufferedImage image = draw(Execution.phantom(folder, "a.nii.gz"));

    assertThat(image.getWidth()).isEqualTo(10 * 160);
    assertThat(image.getHeight()).isEqualTo(CAPTION + 4 * 160);
    // Each tile shows lung, which is dark, and soft tissue, which is bright.
    for (int tile = 0; tile < 40; tile++) {
      List<Integer> grays = new ArrayList<>();
      for (int y = 0; y < 160; y++) {
        for (int x = 0; x < 160; x++) {
          grays.add(gray(image, tile % 10 * 160 + x, CAPTION + tile / 10 * 160 + y));
        }
      }
      assertThat(grays).anyMatch(gray -> gray < 100).anyMatch(gray -> gray > 200);
    }
  }

  @Test
  void drawsTheRequestedNumberOfSlices() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");

    BufferedImage three = draw(scan, "--slices", 3);
    assertThat(three.getWidth()).isEqualTo(3 * 160);
    assertThat(three.getHeight()).isEqualTo(CAPTION + 160);
    BufferedImage all = draw(scan, "--slices", 400);
    assertThat(all.getWidth()).isEqualTo(10 * 160);
    assertThat(all.getHeight()).isEqualTo(CAPTION + 5 * 160);
  }

  @Test
  void drawsTheNetworksInput() throws IOException {
    BufferedImage image = draw(Execution.phantom(folder, "a.nii.gz"), "--preprocessed");

    assertThat(image.getWidth()).isEqualTo(10 * 128);
    assertThat(image.getHeight()).isEqualTo(CAPTION + 4 * 128);
  }

  @Test
  void augmentedSlicesDependOnTheSeedOnly() throws IOException {
    Path scan = Execution.phantom(folder, "a.nii.gz");
    byte[] first = drawn(scan, "--augmented", "--seed", 1);

    assertThat(drawn(scan, "--augmented", "--seed", 1)).isEqualTo(first);
    assertThat(drawn(scan, "--augmented", "--seed", 2)).isNotEqualTo(first);
    assertThat(drawn(scan, "--preprocessed")).isNotEqualTo(first);
  }

  @Test
  void spineIsAtTheBottom() throws IOException {
    BufferedImage image =
        draw(Execution.phantom(folder, "a.nii.gz"), "--preprocessed", "--slices", 3);

    // The middle third of the last slice: between the shoulders there is no heart as bright as
    // bone.
    int above = 0;
    int below = 0;
    for (int y = 0; y < 128; y++) {
      for (int x = 256 + 43; x < 256 + 85; x++) {
        if (gray(image, x, CAPTION + y) >= BONE) {
          above += y < 64 ? 1 : 0;
          below += y < 64 ? 0 : 1;
        }
      }
    }
    assertThat(below).isGreaterThan(30).isGreaterThan(2 * above);
  }

  @Test
  void anteriorIsOnTopAndThePatientsRightOnTheLeft() throws IOException {
    // Without an affine the axes are RAS+: the first voxel is the leftmost, the most posterior.
    int[][] corners = {{159, 183}, {0, 183}, {159, 24}, {0, 24}};
    for (int bright = 0; bright < 4; bright++) {
      float[] hu = {-1000, -1000, -1000, -1000};
      hu[bright] = 400;
      Path scan = folder.resolve("corner-" + bright + ".nii");
      FewVoxels.write(scan, hu, 1f, 0f);

      BufferedImage image = draw(scan);

      for (int corner = 0; corner < 4; corner++) {
        assertThat(gray(image, corners[corner][0], corners[corner][1]))
            .describedAs("voxel %d bright, corner of voxel %d", bright, corner)
            .isBetween(corner == bright ? 250 : 50, corner == bright ? 255 : 70);
      }
    }
  }

  private BufferedImage draw(Path scan, Object... options) throws IOException {
    drawn(scan, options);
    return ImageIO.read(folder.resolve("m.png").toFile());
  }

  private byte[] drawn(Path scan, Object... options) throws IOException {
    Path out = folder.resolve("m.png");
    List<Object> arguments = new ArrayList<>(List.of("montage", scan, "--out", out));
    arguments.addAll(List.of(options));
    assertThat(Execution.of(arguments.toArray())).isEqualTo(new Execution(0, "", ""));
    return Files.readAllBytes(out);
  }

  private static int gray(BufferedImage image, int x, int y) {
    return image.getRaster().getSample(x, y, 0);
  }
}
