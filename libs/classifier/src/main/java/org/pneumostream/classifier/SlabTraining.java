package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;

/**
 * Training with the first block in slabs, its BatchNorm folded into the second block's convolution,
 * and the activations of both channels last.
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
      Parameters parameters, NDArray volumes, NDArray dropoutMask, boolean[] abnormal) {
    Parameters leaves = parameters.recording();
    RecordedFirstBlock first = new RecordedFirstBlock(firstBlock, parameters, volumes);
    FoldedBatchNorm norm = new FoldedBatchNorm(leaves, 1, first.moments());
    norm.moveRunning(parameters, momentum);
    NDArray normInput = first.output();
    normInput.setRequiresGradient(true);
    NDArray x = channelsFirst(Layers.relu(Layers.pool(norm.convolve(normInput))));
    x = Layers.normalizeByBatch(leaves, 2, x, momentum);
    for (int block = 3; block <= Architecture.BLOCKS; block++) {
      x = Layers.relu(Layers.pool(Layers.convolve(leaves, block, x)));
      x = Layers.normalizeByBatch(leaves, block, x, momentum);
    }
    float[] logits = TrainingPass.backFromLoss(leaves, x, dropoutMask, abnormal);
    first.backward(leaves, normInput.getGradient(), norm);
    return new Outcome(logits, leaves.gradients());
  }

  /**
   * The same values, channels slowest in memory: the engine's channels-last BatchNorm adds up a
   * channel in a single float32 sum per thread, which changes gradients by more than 1e-4.
   */
  private static NDArray channelsFirst(NDArray x) {
    return x.flatten().reshape(x.getShape());
  }
}
