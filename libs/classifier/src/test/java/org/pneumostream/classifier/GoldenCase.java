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
import org.pneumostream.volume.InputShape;

/** The case of src/test/python/make_golden.py: the same weights and volumes, and its numbers. */
final class GoldenCase {

  static final int BATCH = 2;
  static final boolean[] LABELS = {true, false};

  private static final double VOXEL_STEP = 0x1p-4;
  private static final double FIRST_BLOCK_STEP = 0x1p-20;

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
        double lowest = spec.name().equals("block1.conv.bias") ? 1.0 : 0.5;
        for (int i = 0; i < values.length; i++) {
          double u = random.nextDouble();
          values[i] = (float) (aroundOne ? u + 0.5 : (u - lowest) * 0.2);
        }
      }
      tensors.put(spec.name(), values);
    }
    for (String name : List.of("block1.conv.weight", "block1.conv.bias")) {
      floor(tensors.get(name), FIRST_BLOCK_STEP);
    }
    return new ModelWeights(tensors, Map.of());
  }

  /** Noise that grows with depth. */
  List<float[]> volumes() {
    SplittableRandom random = new SplittableRandom(seed + 2);
    List<float[]> volumes = new ArrayList<>();
    for (int n = 0; n < BATCH; n++) {
      float[] voxels = new float[shape().voxels()];
      for (int i = 0; i < voxels.length; i++) {
        double grown = random.nextDouble() * (i % shape().depth()) / shape().depth();
        voxels[i] = (float) (Math.floor(grown / VOXEL_STEP) * VOXEL_STEP);
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

  /** Norm of the whole tensor, and the difference of the samples, against the tensor's scale. */
  static void assertMatches(String what, float[] actual, JsonNode expected, double tolerance) {
    double squares = 0;
    for (float value : actual) {
      squares += (double) value * value;
    }
    double norm = expected.get("norm").doubleValue();
    assertThat(Math.abs(Math.sqrt(squares) / norm - 1))
        .as("relative error of the norm of " + what)
        .isLessThan(tolerance);
    double differences = 0;
    for (var samples = expected.get("samples").fields(); samples.hasNext(); ) {
      var sample = samples.next();
      double difference =
          actual[Integer.parseInt(sample.getKey())] - sample.getValue().doubleValue();
      differences += difference * difference;
    }
    double meanSquare = differences / expected.get("samples").size();
    assertThat(Math.sqrt(meanSquare) / (norm / Math.sqrt(actual.length)))
        .as("relative error of " + what)
        .isLessThan(tolerance);
  }

  private static void floor(float[] values, double step) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (Math.floor(values[i] / step) * step);
    }
  }
}
