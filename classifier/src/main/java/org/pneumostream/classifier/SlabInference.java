package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * The network with BatchNorm folded away, the first block in slabs and activations channels last.
 */
final class SlabInference implements InferencePass {

  private final Parameters folded;
  private final FirstBlock firstBlock;
  private final Precision precision;

  SlabInference(ModelWeights weights, InputShape shape, Precision precision, NDManager manager) {
    this.folded = Parameters.load(BatchNormFolding.fold(weights), manager).to(precision);
    this.precision = precision;
    this.firstBlock = new FirstBlock(shape, manager.getDevice());
  }

  @Override
  public float[] logits(NDArray volumes) {
    NDArray x = firstBlock.forward(folded, volumes.toType(precision.type(), false));
    for (int block = 2; block <= Architecture.BLOCKS; block++) {
      // The maximum commutes with ReLU, which then has an eighth of the values to visit.
      x = Layers.relu(Layers.pool(Layers.convolve(folded, block, x)));
    }
    return Head.logits(folded, x).toType(DataType.FLOAT32, false).toFloatArray();
  }
}
