package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.convolutional.Conv3d;

/**
 * BatchNorm in training mode, folded into the next convolution.
 *
 * <p>BatchNorm maps each channel c to {@code scale[c] · x + shift[c]}. The convolution has no
 * padding, so the scale can move into its kernel and the shift into its bias, exactly. The values
 * are then read only for their mean and variance, instead of being written once more. In the
 * backward pass, the gradients of scale and shift are sums over the kernel's gradient, and those of
 * mean and variance add to each value's: Ioffe and Szegedy 2015, "Batch Normalization", section 3.
 */
final class FoldedBatchNorm {

  private final String prefix;
  private final ChannelMoments moments;

  /** Of the batch, (channels); leaves, which collect gradients as the parameters do. */
  private final NDArray mean;

  private final NDArray variance;

  /** Kernel of the next convolution. */
  private final NDArray kernel;

  private final NDArray bias;

  /**
   * @param leaves parameters that collect gradients
   * @param block the block that ends in this BatchNorm; it is folded into the next block's
   *     convolution
   * @param moments of BatchNorm's input
   */
  FoldedBatchNorm(Parameters leaves, int block, ChannelMoments moments) {
    this.prefix = Architecture.blockPrefix(block) + "norm.";
    this.moments = moments;
    NDArray gamma = leaves.get(prefix + "weight");
    NDManager manager = gamma.getManager();
    this.mean = leaf(manager.create(moments.mean()));
    this.variance = leaf(manager.create(moments.biasedVariance()));
    NDArray scale = gamma.div(variance.add(Architecture.NORM_EPSILON).sqrt());
    NDArray shift = leaves.get(prefix + "bias").sub(mean.mul(scale));
    String next = Architecture.blockPrefix(block + 1) + "conv.";
    NDArray weight = leaves.get(next + "weight");
    this.kernel = weight.mul(perChannel(scale));
    this.bias = leaves.get(next + "bias").add(weight.sum(new int[] {2, 3, 4}).matMul(shift));
  }

  /** The convolution of normalized {@code x}, which is (N, channels, W, H, D). */
  NDArray convolve(NDArray x) {
    return Conv3d.conv3d(x, kernel, bias).singletonOrThrow();
  }

  /**
   * Gradient of the loss by BatchNorm's input, after the backward pass of the convolution.
   *
   * @param x the input or a part of it, (N, channels, W, H, D)
   * @param direct the gradient that {@link #convolve} passed back to this part, of the same shape
   */
  NDArray gradient(NDArray x, NDArray direct) {
    // Each value receives 1 / count of the mean's gradient and 2 (x − mean) / count of the
    // variance's.
    double share = 1.0 / moments.count();
    NDArray slope = variance.getGradient().mul(2 * share);
    NDArray offset = mean.getGradient().mul(share).sub(slope.mul(mean.stopGradient()));
    return x.mul(perChannel(slope)).addi(perChannel(offset)).addi(direct);
  }

  /**
   * Moves the running statistics of {@code parameters}, in place, towards the batch's mean and
   * biased variance.
   *
   * @param momentum weight of the old statistics
   */
  void moveRunning(Parameters parameters, float momentum) {
    NDManager manager = mean.getManager();
    NDArray batchMean = manager.create(moments.mean());
    NDArray batchVariance = manager.create(moments.biasedVariance());
    Layers.moveRunning(parameters.get(prefix + "running_mean"), batchMean, momentum);
    Layers.moveRunning(parameters.get(prefix + "running_var"), batchVariance, momentum);
  }

  private static NDArray leaf(NDArray values) {
    values.setRequiresGradient(true);
    return values;
  }

  private static NDArray perChannel(NDArray values) {
    return values.reshape(1, -1, 1, 1, 1);
  }
}
