package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.convolutional.Conv3d;

/**
 * BatchNorm in training mode, folded into the convolution that follows it.
 *
 * <p>It maps each channel c to {@code scale[c] · x + shift[c]}; the convolution, which sees no
 * padding, takes the scale into its kernel and the shift into its bias, exactly. So the values are
 * visited for their mean and variance only, instead of going through memory once more, normalized.
 * On the way back the gradients of scale and shift are sums over the kernel's gradient, and those
 * of mean and variance add to each value's: Ioffe and Szegedy 2015, "Batch Normalization", section
 * 3.
 */
final class FoldedBatchNorm {

  private final String prefix;
  private final ChannelMoments moments;

  /** Of the batch, (channels), leaves: they collect gradients as the parameters do. */
  private final NDArray mean;

  private final NDArray variance;

  /** Of the convolution. */
  private final NDArray kernel;

  private final NDArray bias;

  /**
   * @param leaves parameters that collect gradients
   * @param block the block whose BatchNorm this is; the next one's convolution takes it up
   * @param moments of what BatchNorm is given
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

  /** The convolution of {@code x}, normalized; {@code x} is (N, channels, W, H, D). */
  NDArray convolve(NDArray x) {
    return Conv3d.conv3d(x, kernel, bias).singletonOrThrow();
  }

  /**
   * Gradient of the loss by what BatchNorm was given, once the way back has come through the
   * convolution.
   *
   * @param x what it was given, or a part, (N, channels, W, H, D)
   * @param direct the gradient that {@link #convolve} passed on to these, of the same shape
   */
  NDArray gradient(NDArray x, NDArray direct) {
    // Of the mean, 1 / count comes from each value; of the variance, 2 (x − mean) / count.
    double share = 1.0 / moments.count();
    NDArray slope = variance.getGradient().mul(2 * share);
    NDArray offset = mean.getGradient().mul(share).sub(slope.mul(mean.stopGradient()));
    return x.mul(perChannel(slope)).addi(perChannel(offset)).addi(direct);
  }

  /**
   * Moves the running statistics of {@code parameters}, in place, towards the batch's mean and
   * biased variance.
   *
   * @param momentum weight of the old ones
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
