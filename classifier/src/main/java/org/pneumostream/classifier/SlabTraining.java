package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;

/**
 * Training mode with the first block in slabs, computed again on the way back, and activations
 * channels last.
 */
final class SlabTraining implements TrainingPass {

  private final FirstBlock firstBlock;
  private final float momentum;

  /**
   * @param momentum weight of BatchNorm's old running statistics
   */
  SlabTraining(FirstBlock firstBlock, float momentum) {
    this.firstBlock = firstBlock;
    this.momentum = momentum;
  }

  @Override
  public Outcome run(
      GradientCollector collector,
      Parameters parameters,
      NDArray volumes,
      NDArray dropoutMask,
      boolean[] abnormal) {
    Parameters leaves = parameters.recording();
    // Channels slowest for BatchNorm: the engine's channels-last one adds up a channel in a single
    // float32 sum a thread, which moved block 1's gradients by 1.5e-4.
    NDArray channelsLast = firstBlock.forward(parameters, volumes);
    NDArray first = channelsLast.flatten().reshape(channelsLast.getShape());
    first.setRequiresGradient(true);
    NDArray x = Layers.normalizeByBatch(leaves, 1, first, momentum);
    for (int block = 2; block <= Architecture.BLOCKS; block++) {
      x = Layers.relu(Layers.pool(Layers.convolve(leaves, block, x)));
      x = Layers.normalizeByBatch(leaves, block, x, momentum);
    }
    float[] logits = TrainingPass.backFromLoss(collector, leaves, x, dropoutMask, abnormal);
    firstBlock.backward(collector, leaves, volumes, first.getGradient());
    return new Outcome(logits, leaves.gradients());
  }
}
