package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/**
 * The layers of a block on (N, C, W, H, D), with the parameters of block {@code block} (from 1).
 */
final class Layers {

  private static final Shape WINDOW =
      new Shape(Architecture.POOL, Architecture.POOL, Architecture.POOL);
  private static final Shape NO_PADDING = new Shape(0, 0, 0);
  private static final int CHANNEL_AXIS = 1;

  private Layers() {}

  /** 3×3×3, no padding: n voxels become n − 2 along each axis. */
  static NDArray convolve(Parameters parameters, int block, NDArray x) {
    String layer = Architecture.blockPrefix(block) + "conv.";
    return Conv3d.conv3d(x, parameters.get(layer + "weight"), parameters.get(layer + "bias"))
        .singletonOrThrow();
  }

  static NDArray relu(NDArray x) {
    return x.getNDArrayInternal().relu();
  }

  /** Maximum over 2×2×2: n voxels become n / 2, rounded down. */
  static NDArray pool(NDArray x) {
    return Pool.maxPool3d(x, WINDOW, WINDOW, NO_PADDING, false);
  }

  /** BatchNorm with the running statistics. */
  static NDArray normalize(Parameters parameters, int block, NDArray x) {
    // The momentum has no effect: running statistics are read, not moved.
    return normalize(parameters, block, x, 1f, false);
  }

  /**
   * BatchNorm with the batch's own mean and biased variance. Moves the running statistics, in
   * place, towards the batch's mean and unbiased variance.
   *
   * @param momentum weight of the old running statistics
   */
  static NDArray normalizeByBatch(Parameters parameters, int block, NDArray x, float momentum) {
    return normalize(parameters, block, x, momentum, true);
  }

  private static NDArray normalize(
      Parameters parameters, int block, NDArray x, float momentum, boolean training) {
    String layer = Architecture.blockPrefix(block) + "norm.";
    return BatchNorm.batchNorm(
            x,
            parameters.get(layer + "running_mean"),
            parameters.get(layer + "running_var"),
            parameters.get(layer + "weight"),
            parameters.get(layer + "bias"),
            CHANNEL_AXIS,
            momentum,
            Architecture.NORM_EPSILON,
            training)
        .singletonOrThrow();
  }
}
