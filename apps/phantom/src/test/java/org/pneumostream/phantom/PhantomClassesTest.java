package org.pneumostream.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pneumostream.training.HistogramBaseline;
import org.pneumostream.training.LogisticRegression;

/** What gives the class of a phantom away, and what does not. */
class PhantomClassesTest {

  private static final PhantomSize SIZE = new PhantomSize(64, 64, 24);
  private static final int TRAINED = 200;
  private static final int HELD_OUT = 100;

  private static final short[][] VOXELS = new short[TRAINED + HELD_OUT][];
  private static final boolean[] ABNORMAL = new boolean[VOXELS.length];

  @BeforeAll
  static void drawPhantoms() {
    for (int i = 0; i < VOXELS.length; i++) {
      ABNORMAL[i] = i % 2 == 1;
      PhantomFinding finding = ABNORMAL[i] ? PhantomFinding.ABNORMAL : PhantomFinding.NORMAL;
      VOXELS[i] = Phantom.generate(i, finding, SIZE).voxels();
    }
  }

  @Test
  void meanDeviationAndHistogramDoNotRevealTheClass() {
    assertThat(heldOutAccuracy(PhantomClassesTest::histogram)).isLessThan(0.75);
  }

  @Test
  void positionOfDenseLungRevealsTheClass() {
    assertThat(heldOutAccuracy(PhantomClassesTest::denseLungFromFrontToBack)).isGreaterThan(0.85);
  }

  private interface Features {
    double[] of(short[] voxels);
  }

  private static double heldOutAccuracy(Features features) {
    double[][] examples = Arrays.stream(VOXELS).map(features::of).toArray(double[][]::new);
    LogisticRegression model =
        LogisticRegression.fit(Arrays.copyOf(examples, TRAINED), Arrays.copyOf(ABNORMAL, TRAINED));
    return model.accuracy(
        Arrays.copyOfRange(examples, TRAINED, examples.length),
        Arrays.copyOfRange(ABNORMAL, TRAINED, ABNORMAL.length));
  }

  /** As the network's preprocessing would scale it. */
  private static double[] histogram(short[] voxels) {
    float[] values = new float[voxels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, Math.min(1, (voxels[i] + 1000) / 1400f));
    }
    return HistogramBaseline.features(values);
  }

  /**
   * Voxels as dense as ground glass, their four neighbours too, by eighths of the field of view.
   */
  private static double[] denseLungFromFrontToBack(short[] voxels) {
    double[] features = new double[8];
    int width = SIZE.width();
    for (int i = width; i < voxels.length - width; i++) {
      boolean dense =
          isGroundGlass(voxels[i])
              && isGroundGlass(voxels[i - 1])
              && isGroundGlass(voxels[i + 1])
              && isGroundGlass(voxels[i - width])
              && isGroundGlass(voxels[i + width]);
      int row = i / width % SIZE.height();
      features[8 * row / SIZE.height()] += dense ? 1.0 / voxels.length : 0;
    }
    return features;
  }

  private static boolean isGroundGlass(short hu) {
    return hu > -700 && hu < -300;
  }
}
