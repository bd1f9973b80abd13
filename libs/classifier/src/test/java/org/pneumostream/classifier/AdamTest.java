package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The optimizer alone, with given gradients, compared with keras.optimizers.Adam. */
class AdamTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/adam.json");
  private static final String TENSOR = "dense1.bias";
  private static final double LEARNING_RATE = 1e-3;

  @Test
  void updatesEqualKerasForGradientsFromOneToEpsilon() throws IOException {
    JsonNode after = new ObjectMapper().readTree(GOLDEN.toFile()).get("after");
    ModelWeights initial = ModelWeights.initial(1);
    try (NDManager manager = TorchEngine.openManager()) {
      Adam adam = new Adam(manager, LearnerState.before(initial));
      Parameters parameters = Parameters.load(initial, manager);
      for (int step = 1; step <= after.size(); step++) {
        adam.update(parameters, gradients(step, manager), LEARNING_RATE, step);

        float[] values = parameters.get(TENSOR).toFloatArray();
        for (int i = 0; i < values.length; i++) {
          double expected = after.get(step - 1).get(i).doubleValue();
          assertThat((double) values[i])
              .as("step %d, value %d", step, i)
              .isCloseTo(expected, within(1e-4 * Math.abs(expected) + 1e-10));
        }
      }
    }
  }

  /** As in src/test/python/make_adam_golden.py; zero for the other tensors. */
  private static Parameters gradients(int step, NDManager manager) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (TensorSpec spec : Architecture.TENSORS) {
      gradients.put(spec.name(), new float[spec.size()]);
    }
    float[] values = gradients.get(TENSOR);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.sin(i + 1 + 3 * step) * Math.pow(10, -(i % 9)));
    }
    return Parameters.load(gradients, manager);
  }
}
