package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;

/**
 * The network with BatchNorm folded away, the first block in slabs and activations channels last.
 */
final class SlabInference implements InferencePass {

  private final Parameters folded;
  private final FirstBlock firstBlock;
  private final boolean onGpu;

  SlabInference(ModelWeights weights, InputShape shape, NDManager manager) {
    this.folded = Parameters.load(BatchNormFolding.fold(weights), manager);
    this.firstBlock = new FirstBlock(shape, manager.getDevice());
    this.onGpu = manager.getDevice().isGpu();
  }

  @Override
  public NDArray logits(NDArray volumes) {
    if (onGpu) {
      return batchLogits(volumes);
    }
    // A CPU gains nothing from a larger batch but would hold all its activations at once.
    NDList logits = new NDList();
    for (int n = 0; n < volumes.getShape().get(0); n++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray one = batchLogits(volumes.get(new NDIndex().addSliceDim(n, n + 1)));
        NDScope.unregister(one);
        logits.add(one);
      }
    }
    return NDArrays.concat(logits);
  }

  private NDArray batchLogits(NDArray volumes) {
    NDArray x = firstBlock.forward(folded, volumes);
    for (int block = 2; block <= Architecture.BLOCKS; block++) {
      // The maximum commutes with ReLU, which then has an eighth of the values to visit.
      x = Layers.relu(Layers.pool(Layers.convolve(folded, block, x)));
    }
    return Head.logits(folded, x);
  }
}
