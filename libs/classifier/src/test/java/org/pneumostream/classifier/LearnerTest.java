package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pneumostream.volume.InputShape;

class LearnerTest {

  private static final boolean[] LABELS = {true, false};
  private static final LearnerSettings SETTINGS = LearnerSettings.reference(7);

  @Test
  void overfitsTwoVolumes() {
    List<float[]> volumes = volumes(1);
    LearnerSettings fast = new LearnerSettings(1e-3, 1000, 0.96, 0, 0.5, 1);
    try (Learner learner = Learner.start(ModelWeights.initial(1), InputShape.SMALL, fast)) {
      float first = learner.step(volumes, LABELS).loss();
      float last = first;
      for (int i = 0; i < 7; i++) {
        last = learner.step(volumes, LABELS).loss();
      }

      assertThat(last).isLessThan(first / 2);
      assertThat(learner.state().steps()).isEqualTo(8);
    }
  }

  @Test
  void resumedFromBytesGivesTheSameWeightsBitForBit() {
    try (Learner whole = Learner.start(ModelWeights.initial(3), InputShape.SMALL, SETTINGS)) {
      whole.step(volumes(1), LABELS);
      LearnerState halfway = LearnerState.fromBytes(whole.state().toBytes());
      StepResult expected = whole.step(volumes(2), LABELS);
      try (Learner resumed = Learner.resume(halfway, InputShape.SMALL, SETTINGS)) {
        StepResult actual = resumed.step(volumes(2), LABELS);

        assertThat(actual.loss()).isEqualTo(expected.loss());
        assertThat(resumed.state().toBytes()).isEqualTo(whole.state().toBytes());
      }
    }
  }

  /** BatchNorm of the last block is given one value a channel, whose variance is 0. */
  @ParameterizedTest
  @EnumSource(Execution.class)
  void aStepOnOneVolumeOfTheSmallestShapeMovesTheRunningVarianceTowardsZero(Execution execution) {
    LearnerState start = LearnerState.before(ModelWeights.initial(3));
    try (Learner learner = Learner.resume(start, InputShape.SMALL, SETTINGS, execution)) {
      StepResult result = learner.step(volumes(1).subList(0, 1), new boolean[] {true});

      assertThat(result.loss()).isFinite();
      ModelWeights after = learner.weights();
      for (TensorSpec spec : ModelWeights.tensors()) {
        for (float value : after.tensor(spec.name())) {
          assertThat(value).as(spec.name()).isFinite();
        }
      }
      assertThat(after.tensor("block4.norm.running_var")).containsOnly(0.99f);
    }
  }

  private static List<float[]> volumes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> volumes = new ArrayList<>();
    for (int n = 0; n < LABELS.length; n++) {
      float[] voxels = new float[InputShape.SMALL.voxels()];
      for (int i = 0; i < voxels.length; i++) {
        voxels[i] = (float) random.nextDouble();
      }
      volumes.add(voxels);
    }
    return volumes;
  }
}
