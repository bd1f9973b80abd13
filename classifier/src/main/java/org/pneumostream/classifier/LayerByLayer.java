package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/**
 * The blocks of the network as the reference writes them, one engine operation a layer. Plain, and
 * the baseline that everything faster is checked and timed against.
 */
final class LayerByLayer {

  private static final Shape POOL =
      new Shape(Architecture.POOL, Architecture.POOL, Architecture.POOL);
  private static final Shape NO_PADDING = new Shape(0, 0, 0);
  private static final int CHANNEL_AXIS = 1;

  private LayerByLayer() {}

  /** Frozen weights: (N, 1, W, H, D) to the fourth block's output (N, 256, w, h, d). */
  static NDArray infer(Parameters parameters, NDArray volumes) {
    // The momentum has no effect: running statistics are read, not updated.
    return blocks(parameters, volumes, 1f, false);
  }

  /**
   * Training mode: BatchNorm normalizes with the batch's own mean and biased variance and moves the
   * running statistics, in place, towards the batch's mean and unbiased variance.
   *
   * @param momentum weight of the old running statistics
   */
  static NDArray train(Parameters parameters, NDArray volumes, float momentum) {
    return blocks(parameters, volumes, momentum, true);
  }

  private static NDArray blocks(
      Parameters parameters, NDArray volumes, float momentum, boolean training) {
    NDArray x = volumes;
    for (int block = 1; block <= Architecture.FILTERS.size(); block++) {
      String prefix = Architecture.blockPrefix(block);
      x =
          Conv3d.conv3d(
                  x, parameters.get(prefix + "conv.weight"), parameters.get(prefix + "conv.bias"))
              .singletonOrThrow();
      x = x.getNDArrayInternal().relu();
      x = Pool.maxPool3d(x, POOL, POOL, NO_PADDING, false);
      x =
          BatchNorm.batchNorm(
                  x,
                  parameters.get(prefix + "norm.running_mean"),
                  parameters.get(prefix + "norm.running_var"),
                  parameters.get(prefix + "norm.weight"),
                  parameters.get(prefix + "norm.bias"),
                  CHANNEL_AXIS,
                  momentum,
                  Architecture.NORM_EPSILON,
                  training)
              .singletonOrThrow();
    }
    return x;
  }
}
