package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * The network with BatchNorm folded away, the first block in slabs and activations channels last.
 */
final class SlabInference implements InferencePass {

  private final Parameters folded;
  private final FirstBlock firstBlock;

  SlabInference(ModelWeights weights, InputShape shape, NDManager manager) {
    this.folded = Parameters.load(BatchNormFolding.fold(weights), manager);
    this.firstBlock = new FirstBlock(shape, manager.getDevice());
  }

  @Override
  public float[] logits(NDArray volumes) {
    NDArray x = firstBlock.forward(folded, volumes);
    for (int block = 2; block <= Architecture.BLOCKS; block++) {
      // The maximum commutes with ReLU, which then has an eighth of the values to visit.
      x = Layers.relu(Layers.pool(Layers.convolve(folded, block, x)));
    }
    return Head.logits(folded, x).toFloatArray();
  }
}
