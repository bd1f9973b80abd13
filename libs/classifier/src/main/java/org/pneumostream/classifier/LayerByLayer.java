package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;

/**
 * The network as in the reference, one engine operation per layer: the baseline for checking and
 * timing faster versions.
 */
final class LayerByLayer {

  private LayerByLayer() {}

  /** Frozen weights. */
  static InferencePass inference(Parameters parameters) {
    return volumes -> Head.logits(parameters, blocks(parameters, volumes)).toFloatArray();
  }

  /**
   * Training mode.
   *
   * @param momentum weight of BatchNorm's old running statistics
   */
  static TrainingPass training(float momentum) {
    return (parameters, volumes, dropoutMask, abnormal) -> {
      Parameters leaves = parameters.recording();
      NDArray x = volumes;
      for (int block = 1; block <= Architecture.BLOCKS; block++) {
        x = Layers.pool(Layers.relu(Layers.convolve(leaves, block, x)));
        x = Layers.normalizeByBatch(leaves, block, x, momentum);
      }
      float[] logits = TrainingPass.backFromLoss(leaves, x, dropoutMask, abnormal);
      return new TrainingPass.Outcome(logits, leaves.gradients());
    };
  }

  /** Maps volumes (N, 1, W, H, D) to the fourth block's output (N, 256, w, h, d). */
  static NDArray blocks(Parameters parameters, NDArray volumes) {
    NDArray x = volumes;
    for (int block = 1; block <= Architecture.BLOCKS; block++) {
      x = block(parameters, block, x);
    }
    return x;
  }

  /** One block with frozen weights: (N, C, W, H, D) to (N, filters, (W−2)/2, (H−2)/2, (D−2)/2). */
  static NDArray block(Parameters parameters, int block, NDArray x) {
    NDArray pooled = Layers.pool(Layers.relu(Layers.convolve(parameters, block, x)));
    return Layers.normalize(parameters, block, pooled);
  }
}
