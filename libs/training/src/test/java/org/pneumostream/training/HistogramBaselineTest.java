package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.Finding;
import org.pneumostream.volume.InputShape;

class HistogramBaselineTest {
  private static final int SCANS = 40;
  private static final int TRAINED = 28;

  @TempDir private Path folder;

  @Test
  void featuresAreMeanDeviationAndShareOfEachBin() {
    double[] features = HistogramBaseline.features(new float[] {0f, 0.04f, 0.05f, 1f});

    assertThat(features).hasSize(22);
    assertThat(features[0]).isEqualTo(0.2725, within(1e-7));
    assertThat(features[1]).isEqualTo(0.420439, within(1e-6));
    assertThat(features[2]).isEqualTo(0.5);
    assertThat(features[3]).isEqualTo(0.25);
    assertThat(features[21]).isEqualTo(0.25);
    for (int bin = 4; bin < 21; bin++) {
      assertThat(features[bin]).isZero();
    }
  }

  @Test
  void learnsClassesThatDifferInDensity() {
    try (TrainingSet set = set(0.1f)) {
      assertThat(accuracy(set)).isEqualTo(1.0);
    }
  }

  @Test
  void doesNotLearnClassesThatDifferInPosition() {
    try (TrainingSet set = set(0)) {
      assertThat(accuracy(set)).isBetween(0.2, 0.8);
    }
  }

  @Test
  void sameScansGiveTheSameAccuracy() {
    try (TrainingSet set = set(0.01f)) {
      assertThat(accuracy(set)).isEqualTo(accuracy(set));
    }
  }

  private static double accuracy(TrainingSet set) {
    List<Example> examples = set.examples();
    return HistogramBaseline.fit(set, examples.subList(0, TRAINED))
        .accuracy(set, examples.subList(TRAINED, SCANS));
  }

  /**
   * Noise with a bright quarter, which is at the volume's start in a normal scan and at its end in
   * an abnormal one.
   *
   * @param denser by how much all of an abnormal scan is brighter
   */
  private TrainingSet set(float denser) {
    TrainingSet set = TrainingSet.create(folder.resolve("set"), InputShape.SMALL);
    Random random = new Random(5);
    for (int scan = 0; scan < SCANS; scan++) {
      boolean abnormal = random.nextBoolean();
      double level = 0.3 + 0.02 * random.nextDouble() + (abnormal ? denser : 0);
      short[] voxels = new short[InputShape.SMALL.voxels()];
      for (int i = 0; i < voxels.length; i++) {
        boolean atEnd = 2 * i >= voxels.length;
        boolean bright = atEnd == abnormal && 4 * (i % (voxels.length / 2)) < voxels.length;
        double value = level + (bright ? 0.2 : 0) + 0.1 * random.nextDouble();
        voxels[i] = (short) Math.round(65535 * value);
      }
      String id = "%064x".formatted(scan);
      set.put(id, id, abnormal ? Finding.ABNORMAL : Finding.NORMAL, voxels);
    }
    return set;
  }
}
