package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against Keras in double precision; see src/test/python/make_golden.py. */
class GoldenTest {

  private static final double TOLERANCE = 1e-4;

  /**
   * Relative to the change of three steps of 1e-5. Each step leaves an error of up to 6e-8 in a
   * float32 weight near 1. Adam makes steps of the same length for small gradients, whose rounding
   * error is relatively large.
   */
  private static final double UPDATE_TOLERANCE = 1e-2;

  private static final LearnerSettings SETTINGS =
      new LearnerSettings(1e-5, 100_000, 0.96, 0, 0.99, 1);
  private static final GoldenCase GOLDEN = new GoldenCase();
  private static final JsonNode JSON = GOLDEN.json();

  @ParameterizedTest
  @EnumSource(Execution.class)
  void probabilitiesEqualKeras(Execution execution) {
    float[] expected = GOLDEN.floats(JSON.at("/inference/probabilities"));
    try (Network network = Network.load(GOLDEN.weights(), GOLDEN.shape(), execution)) {
      assertThat(network.probabilitiesOfFloats(GOLDEN.volumes()))
          .containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void everyBlocksOutputEqualsKeras() {
    try (NDManager manager = TorchEngine.openManager()) {
      Parameters parameters = Parameters.load(GOLDEN.weights(), manager);
      NDArray x = new VolumeBatch(GOLDEN.shape()).fromFloats(manager, GOLDEN.volumes());
      for (int block = 1; block <= Architecture.BLOCKS; block++) {
        x = LayerByLayer.block(parameters, block, x);
        JsonNode expected = JSON.at("/inference/blocks").get(block - 1);

        assertThat(Arrays.toString(x.getShape().getShape()).replace(" ", ""))
            .isEqualTo(expected.get("shape").toString());
        assertThat(x.getShape().slice(1))
            .isEqualTo(shape(Architecture.blockOutput(block, GOLDEN.shape())));
        GoldenCase.assertMatches("block " + block, x.toFloatArray(), expected, TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  @SuppressWarnings("try") // The engine records while the collector is open.
  void lossAndGradientsEqualKeras(Execution execution) {
    try (NDManager manager = TorchEngine.openManager();
        NDScope scope = new NDScope();
        GradientCollector recording = TorchEngine.engine().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      TrainingPass pass = TrainingPass.of(execution, GOLDEN.shape(), manager.getDevice(), SETTINGS);
      NDArray volumes = new VolumeBatch(GOLDEN.shape()).fromFloats(manager, GOLDEN.volumes());
      NDArray noDropout = manager.ones(new Shape(GoldenCase.BATCH, Architecture.HIDDEN));

      TrainingPass.Outcome outcome =
          pass.run(
              Parameters.load(GOLDEN.weights(), manager), volumes, noDropout, GoldenCase.LABELS);

      assertThat(outcome.logits())
          .containsExactly(GOLDEN.floats(JSON.get("training_logits")), within(1e-4f));
      assertThat(Logits.loss(outcome.logits(), GoldenCase.LABELS))
          .isCloseTo(JSON.at("/losses/0").floatValue(), withinPercentage(0.01));
      for (TensorSpec spec : trainable()) {
        GoldenCase.assertMatches(
            "gradient of " + spec.name(),
            outcome.gradients().get(spec.name()).toFloatArray(),
            JSON.get("gradients").get(spec.name()),
            TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void updatesOfThreeStepsEqualKeras(Execution execution) {
    ModelWeights before = GOLDEN.weights();
    LearnerState start = LearnerState.before(before);
    try (Learner learner = Learner.resume(start, GOLDEN.shape(), SETTINGS, execution)) {
      for (JsonNode loss : JSON.get("losses")) {
        assertThat(learner.step(GOLDEN.volumes(), GoldenCase.LABELS).loss())
            .isCloseTo(loss.floatValue(), withinPercentage(0.1));
      }
      ModelWeights after = learner.weights();
      for (TensorSpec spec : ModelWeights.tensors()) {
        String name = spec.name();
        GoldenCase.assertMatches(
            "update of " + name,
            difference(after.tensor(name), before.tensor(name)),
            JSON.get("updates").get(name),
            UPDATE_TOLERANCE);
      }
    }
  }

  private static float[] difference(float[] minuend, float[] subtrahend) {
    float[] difference = new float[minuend.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = minuend[i] - subtrahend[i];
    }
    return difference;
  }

  private static List<TensorSpec> trainable() {
    return ModelWeights.tensors().stream().filter(Architecture::isTrainable).toList();
  }

  private static Shape shape(List<Integer> sizes) {
    return new Shape(sizes.stream().mapToLong(Integer::longValue).toArray());
  }
}
