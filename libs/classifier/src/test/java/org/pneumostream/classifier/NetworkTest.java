package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.pneumostream.volume.InputShape;

class NetworkTest {

  private static final ModelWeights WEIGHTS = ModelWeights.initial(1);

  @Test
  void probabilitiesDoNotDependOnTheBatchSize() {
    short[] first = volume(1);
    short[] second = volume(2);
    try (Network network = Network.load(WEIGHTS, InputShape.SMALL)) {
      float[] together = network.probabilities(List.of(first, second));

      assertThat(together).hasSize(2);
      assertThat(together[0]).isBetween(0.01f, 0.99f).isNotEqualTo(together[1]);
      assertThat(network.probabilities(List.of(second))[0]).isCloseTo(together[1], within(1e-6f));
    }
  }

  @Test
  void scoresInHalfPrecisionAsInFull() {
    List<short[]> volumes = List.of(volume(1), volume(2));
    try (Network full = Network.load(WEIGHTS, InputShape.SMALL);
        Network half = Network.load(WEIGHTS, InputShape.SMALL, Precision.HALF)) {
      float[] expected = full.probabilities(volumes);
      float[] actual = half.probabilities(volumes);

      assertThat(actual).containsExactly(expected, within(1e-2f));
      // Rounded to eleven bits, so it was computed in half precision.
      assertThat(actual).isNotEqualTo(expected);
    }
  }

  @Test
  void refusesOutputThatHalfPrecisionCannotHold() {
    Map<String, float[]> tensors = new HashMap<>();
    ModelWeights.tensors().forEach(spec -> tensors.put(spec.name(), WEIGHTS.tensor(spec.name())));
    tensors.put("dense2.bias", new float[] {1e6f});
    ModelWeights large = new ModelWeights(tensors, Map.of());
    try (Network full = Network.load(large, InputShape.SMALL);
        Network half = Network.load(large, InputShape.SMALL, Precision.HALF)) {
      assertThat(full.probabilities(List.of(volume(1)))).containsExactly(1f);
      assertThatThrownBy(() -> half.probabilities(List.of(volume(1))))
          .isInstanceOf(ModelException.class)
          .hasMessage("the network's output must be finite but is Infinity");
    }
  }

  @Test
  void fallsBackToFullPrecisionOnCpu() {
    assumeThat(TorchEngine.device().isGpu()).isFalse();

    assertThat(Precision.HALF.orFullOnCpu()).isEqualTo(Precision.FULL);
    assertThat(Precision.FULL.orFullOnCpu()).isEqualTo(Precision.FULL);
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
