package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.pneumostream.volume.InputShape;

/** One forward and backward pass in training mode, while the engine records. */
interface TrainingPass {

  /**
   * Computes logits and the gradients of the mean binary cross-entropy. Moves BatchNorm's running
   * statistics in {@code parameters} towards the batch's mean and biased variance.
   *
   * @param parameters not changed except for the running statistics
   * @param volumes (N, 1, W, H, D)
   * @param dropoutMask (N, 512): 0 where a hidden value is dropped, 1 / (1 − rate) where it is kept
   * @param abnormal the N labels
   */
  Outcome run(Parameters parameters, NDArray volumes, NDArray dropoutMask, boolean[] abnormal);

  /** The pass for an execution. */
  static TrainingPass of(
      Execution execution, InputShape shape, Device device, LearnerSettings settings) {
    float momentum = (float) settings.batchNormMomentum();
    return switch (execution) {
      case LAYER_BY_LAYER -> LayerByLayer.training(momentum);
      case FAST -> new SlabTraining(FirstBlock.whole(shape, device), momentum);
    };
  }

  /**
   * Result of a pass.
   *
   * @param logits of ABNORMAL of each volume
   * @param gradients of the trainable tensors
   */
  record Outcome(float[] logits, Parameters gradients) {}

  /** Head and loss, and the backward pass to {@code blocks} and the parameters behind them. */
  static float[] backFromLoss(
      Parameters parameters, NDArray blocks, NDArray dropoutMask, boolean[] abnormal) {
    NDArray logits = Head.logits(parameters, blocks, dropoutMask);
    float[] values = logits.toFloatArray();
    NDArray gradient = logits.getManager().create(Logits.gradient(values, abnormal));
    backward(logits, gradient);
    return values;
  }

  /** Propagates {@code gradient}, the loss's derivative by each value of {@code result}. */
  static void backward(NDArray result, NDArray gradient) {
    // DJL's collector starts from a scalar only, the engine from any gradient.
    JniUtils.backward((PtNDArray) result, (PtNDArray) gradient, false, false);
  }
}
