package org.pneumostream.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state from which a {@link Learner} continues exactly where another stopped: weights, Adam's
 * moments and the number of steps made. Random numbers follow from seed and step.
 */
public final class LearnerState {

  private static final String FIRST_MOMENT = "adam.first.";
  private static final String SECOND_MOMENT = "adam.second.";
  private static final String STEPS_KEY = "learner.steps";
  private static final List<TensorSpec> TENSORS = tensors();

  private final ModelWeights weights;
  private final Map<String, float[]> moments;
  private final long steps;

  /** Takes ownership of the moments: one array under each prefix and trainable tensor's name. */
  private LearnerState(ModelWeights weights, Map<String, float[]> moments, long steps) {
    this.weights = weights;
    this.moments = moments;
    this.steps = steps;
  }

  /** The state before the first step: both moments are zero. */
  public static LearnerState before(ModelWeights weights) {
    Map<String, float[]> moments = new LinkedHashMap<>();
    for (TensorSpec spec : TENSORS) {
      if (isMoment(spec)) {
        moments.put(spec.name(), new float[spec.size()]);
      }
    }
    return new LearnerState(weights, moments, 0);
  }

  /** The state after {@code steps} steps; moments are keyed by the name of their tensor. */
  static LearnerState after(
      long steps, ModelWeights weights, Map<String, float[]> first, Map<String, float[]> second) {
    Map<String, float[]> moments = new LinkedHashMap<>();
    first.forEach((name, values) -> moments.put(FIRST_MOMENT + name, values));
    second.forEach((name, values) -> moments.put(SECOND_MOMENT + name, values));
    return new LearnerState(weights, moments, steps);
  }

  /** The weights as they were. */
  public ModelWeights weights() {
    return weights;
  }

  /** Optimizer steps made so far. */
  public long steps() {
    return steps;
  }

  /** The state as a safetensors file: the weights' tensors and metadata, moments and steps. */
  public byte[] toBytes() {
    Map<String, float[]> tensors = new LinkedHashMap<>(moments);
    for (TensorSpec spec : Architecture.TENSORS) {
      tensors.put(spec.name(), weights.tensor(spec.name()));
    }
    Map<String, String> metadata = new LinkedHashMap<>(weights.metadata());
    metadata.put(STEPS_KEY, Long.toString(steps));
    return Safetensors.write(TENSORS, tensors, metadata);
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws ModelException naming what is missing, extra or malformed
   */
  public static LearnerState fromBytes(byte[] bytes) {
    Safetensors.Content content = Safetensors.read(bytes, TENSORS);
    Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
    long steps = steps(metadata.remove(STEPS_KEY));
    Map<String, float[]> weights = new LinkedHashMap<>();
    Map<String, float[]> moments = new LinkedHashMap<>();
    for (TensorSpec spec : TENSORS) {
      (isMoment(spec) ? moments : weights).put(spec.name(), content.tensors().get(spec.name()));
    }
    return new LearnerState(ModelWeights.of(weights, metadata), moments, steps);
  }

  float[] firstMoment(String tensor) {
    return Objects.requireNonNull(moments.get(FIRST_MOMENT + tensor), tensor);
  }

  float[] secondMoment(String tensor) {
    return Objects.requireNonNull(moments.get(SECOND_MOMENT + tensor), tensor);
  }

  private static long steps(@Nullable String text) {
    if (text == null || !text.matches("\\d{1,18}")) {
      throw new ModelException(STEPS_KEY + " must be a number of steps but is " + text);
    }
    return Long.parseLong(text);
  }

  private static boolean isMoment(TensorSpec spec) {
    return spec.name().startsWith("adam.");
  }

  private static List<TensorSpec> tensors() {
    List<TensorSpec> tensors = new ArrayList<>(Architecture.TENSORS);
    for (String prefix : List.of(FIRST_MOMENT, SECOND_MOMENT)) {
      for (TensorSpec spec : Architecture.TENSORS) {
        if (Architecture.isTrainable(spec)) {
          tensors.add(new TensorSpec(prefix + spec.name(), spec.shape()));
        }
      }
    }
    return List.copyOf(tensors);
  }
}
