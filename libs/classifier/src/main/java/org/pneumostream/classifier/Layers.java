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
    String layer = norm(block);
    NDArray mean = parameters.get(layer + "running_mean");
    NDArray variance = parameters.get(layer + "running_var");
    // The momentum has no effect: running statistics are read, not updated.
    return normalize(parameters, block, x, mean, variance, 1f, false);
  }

  /**
   * BatchNorm with the batch's own mean and biased variance. Moves the running statistics, in
   * place, towards these, as Keras does; the engine itself would use the unbiased variance.
   *
   * @param momentum weight of the old running statistics
   */
  static NDArray normalizeByBatch(Parameters parameters, int block, NDArray x, float momentum) {
    NDArray mean = x.getManager().zeros(new Shape(x.getShape().get(CHANNEL_AXIS)));
    NDArray variance = mean.zerosLike();
    long count = x.size() / mean.size();
    NDArray normalized;
    if (count == 1) {
      // The engine refuses a single value per channel. Its mean is itself, so it becomes 0.
      normalized = normalize(parameters, block, x.mul(0), mean, variance, 1f, false);
      mean = x.stopGradient().reshape(mean.getShape());
    } else {
      // Without momentum the engine stores the batch's own statistics there.
      normalized = normalize(parameters, block, x, mean, variance, 0f, true);
      variance = variance.mul((count - 1) / (double) count);
    }
    String layer = norm(block);
    moveRunning(parameters.get(layer + "running_mean"), mean, momentum);
    moveRunning(parameters.get(layer + "running_var"), variance, momentum);
    return normalized;
  }

  /**
   * Moves a running statistic, in place.
   *
   * @param momentum weight of the old value
   */
  static void moveRunning(NDArray running, NDArray batch, float momentum) {
    running.muli(momentum).addi(batch.mul(1 - momentum));
  }

  private static NDArray normalize(
      Parameters parameters,
      int block,
      NDArray x,
      NDArray mean,
      NDArray variance,
      float momentum,
      boolean training) {
    String layer = norm(block);
    return BatchNorm.batchNorm(
            x,
            mean,
            variance,
            parameters.get(layer + "weight"),
            parameters.get(layer + "bias"),
            CHANNEL_AXIS,
            momentum,
            Architecture.NORM_EPSILON,
            training)
        .singletonOrThrow();
  }

  private static String norm(int block) {
    return Architecture.blockPrefix(block) + "norm.";
  }
}
