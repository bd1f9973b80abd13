package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015, Algorithm 1) with Keras' β1 0.9, β2 0.999 and ε 1e-7.
 *
 * <p>ε is added to the bias-corrected √v̂, as in the paper and in PyTorch; Keras adds it before the
 * correction, which amounts to a larger ε in the first thousand steps.
 */
final class Adam {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-7;

  private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
  private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();

  /** Moments live on {@code manager}; they start from {@code state}. */
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
   * Moves every trainable tensor against its gradient, in place.
   *
   * @param step number of this step, counted from 1
   */
  void update(Parameters parameters, Parameters gradients, double learningRate, long step) {
    double firstCorrection = 1 - Math.pow(BETA1, step);
    double secondCorrection = Math.sqrt(1 - Math.pow(BETA2, step));
    firstMoments.forEach(
        (name, m) -> {
          NDArray gradient = gradients.get(name);
          NDArray v = secondMoments.get(name);
          m.muli(BETA1).addi(gradient.mul(1 - BETA1));
          v.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
          NDArray denominator = v.sqrt().divi(secondCorrection).addi(EPSILON);
          parameters.get(name).subi(m.div(denominator).muli(learningRate / firstCorrection));
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
