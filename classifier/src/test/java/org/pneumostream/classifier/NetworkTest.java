package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private static final ModelWeights WEIGHTS = ModelWeights.initial(1);

  @Test
  void givesOneProbabilityAVolumeWhateverTheBatch() {
    short[] first = volume(1);
    short[] second = volume(2);
    try (Network network = Network.load(WEIGHTS, InputShape.SMALL)) {
      float[] together = network.probabilities(List.of(first, second));

      assertThat(together).hasSize(2);
      assertThat(together[0]).isBetween(0.01f, 0.99f).isNotEqualTo(together[1]);
      assertThat(network.probabilities(List.of(second))[0])
          .isCloseTo(together[1], org.assertj.core.data.Offset.offset(1e-6f));
    }
  }

  @Test
  void refusesVolumeOfAnotherSize() {
    try (Network network = Network.load(WEIGHTS, InputShape.SMALL)) {
      assertThatThrownBy(() -> network.probabilities(List.of(new short[10])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a volume of 48x48x48 must have 110592 voxels but has 10");
    }
  }

  private static short[] volume(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    short[] voxels = new short[InputShape.SMALL.voxels()];
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) random.nextInt(1 << 16);
    }
    return voxels;
  }
}
