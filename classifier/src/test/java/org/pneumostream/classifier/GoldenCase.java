package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The case of src/test/python/make_golden.py: the same weights and volumes, and its numbers. */
final class GoldenCase {

  static final int BATCH = 2;
  static final boolean[] LABELS = {true, false};

  private static final double VOXEL_STEP = 0x1p-4;
  private static final double FIRST_BLOCK_STEP = 0x1p-16;

  private final JsonNode json;
  private final long seed;

  GoldenCase() {
    try (InputStream file = GoldenCase.class.getResourceAsStream("/golden/network.json")) {
      json = new ObjectMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    seed = json.get("seed").longValue();
  }

  JsonNode json() {
    return json;
  }

  InputShape shape() {
    return InputShape.parse(json.get("shape").textValue());
  }

  /** Kernels as drawn before training, the vectors away from their defaults. */
  ModelWeights weights() {
    ModelWeights kernels = ModelWeights.initial(seed);
    SplittableRandom random = new SplittableRandom(seed + 1);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : ModelWeights.tensors()) {
      float[] values = kernels.tensor(spec.name());
      if (spec.shape().size() == 1) {
        boolean aroundOne =
            spec.name().endsWith("norm.weight") || spec.name().endsWith("running_var");
        for (int i = 0; i < values.length; i++) {
          double u = random.nextDouble();
          values[i] = (float) (aroundOne ? u + 0.5 : (u - 0.5) * 0.2);
        }
      }
      tensors.put(spec.name(), values);
    }
    for (String name : List.of("block1.conv.weight", "block1.conv.bias")) {
      floor(tensors.get(name), FIRST_BLOCK_STEP);
    }
    return new ModelWeights(tensors, Map.of());
  }

  List<float[]> volumes() {
    SplittableRandom random = new SplittableRandom(seed + 2);
    List<float[]> volumes = new ArrayList<>();
    for (int n = 0; n < BATCH; n++) {
      float[] voxels = new float[shape().voxels()];
      for (int i = 0; i < voxels.length; i++) {
        voxels[i] = (float) (Math.floor(random.nextDouble() / VOXEL_STEP) * VOXEL_STEP);
      }
      volumes.add(voxels);
    }
    return volumes;
  }

  float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  /**
   * Norm and samples of a tensor, both against the tensor's own scale: its norm, and its root mean
   * square.
   */
  static void assertMatches(String what, float[] actual, JsonNode expected, double tolerance) {
    double squares = 0;
    for (float value : actual) {
      squares += (double) value * value;
    }
    double norm = expected.get("norm").doubleValue();
    assertThat(Math.abs(Math.sqrt(squares) / norm - 1)).as("norm of " + what).isLessThan(tolerance);
    double scale = norm / Math.sqrt(actual.length);
    expected
        .get("samples")
        .fields()
        .forEachRemaining(
            sample -> {
              int i = Integer.parseInt(sample.getKey());
              assertThat(Math.abs(actual[i] - sample.getValue().doubleValue()))
                  .as("%s[%d]: %s, expected %s", what, i, actual[i], sample.getValue())
                  .isLessThan(tolerance * scale);
            });
  }

  private static void floor(float[] values, double step) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.floor(values[i] / step) * step);
    }
  }
}
