package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Adam as Keras computes it, with Keras' β1 0.9, β2 0.999 and ε̂ 1e-7.
 *
 * <p>ε̂ is added to √v before the bias correction, as in Kingma and Ba 2015 at the end of section
 * 2. PyTorch and the paper's Algorithm 1 add ε to the corrected √v̂, which is equivalent to a
 * smaller ε̂ in the first thousand steps.
 */
final class Adam {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-7;

  private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
  private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();

  /** Allocates the moments on {@code manager} and initializes them from {@code state}. */
  Adam(NDManager manager, LearnerState state) {
    for (TensorSpec spec : Architecture.TENSORS) {
      if (Architecture.isTrainable(spec)) {
        String name = spec.name();
        firstMoments.put(name, Parameters.array(manager, state.firstMoment(name), spec));
        secondMoments.put(name, Parameters.array(manager, state.secondMoment(name), spec));
      }
    }
  }

  /**
   * Updates every trainable tensor by its gradient, in place.
   *
   * @param step number of this step, counted from 1
   */
  void update(Parameters parameters, Parameters gradients, double learningRate, long step) {
    double corrected =
        learningRate * Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step));
    firstMoments.forEach(
        (name, m) -> {
          NDArray gradient = gradients.get(name);
          NDArray v = Objects.requireNonNull(secondMoments.get(name));
          m.muli(BETA1).addi(gradient.mul(1 - BETA1));
          v.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
          parameters.get(name).subi(m.div(v.sqrt().addi(EPSILON)).muli(corrected));
        });
  }

  Map<String, float[]> firstMoments() {
    return copyOut(firstMoments);
  }

  Map<String, float[]> secondMoments() {
    return copyOut(secondMoments);
  }

  private static Map<String, float[]> copyOut(Map<String, NDArray> moments) {
    Map<String, float[]> values = new LinkedHashMap<>();
    moments.forEach((name, array) -> values.put(name, array.toFloatArray()));
    return values;
  }
}
