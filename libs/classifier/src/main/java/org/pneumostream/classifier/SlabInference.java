package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.pneumostream.volume.InputShape;

/**
 * The network with folded BatchNorm and activations channels last. On a CPU the first two blocks
 * run in slabs of planes along W: the second block reads the first one's output from the
 * processor's cache, and neither convolution's output goes through memory.
 */
final class SlabInference implements InferencePass {
  /** Planes of the second block's output in one slab. */
  private static final int SLAB_WIDTH = 6;

  /** Planes that two neighbouring slabs of the second block share. */
  private static final int SHARED = Architecture.KERNEL - 1;

  private final Parameters folded;
  private final FirstBlock firstBlock;
  private final Precision precision;

  SlabInference(ModelWeights weights, InputShape shape, Precision precision, NDManager manager) {
    this.folded = Parameters.load(BatchNormFolding.fold(weights), manager).to(precision);
    this.precision = precision;
    this.firstBlock = FirstBlock.seen(shape, manager.getDevice());
  }

  @Override
  public float[] logits(NDArray volumes) {
    NDArray input = volumes.toType(precision.type(), false);
    NDArray x =
        input.getDevice().isGpu()
            ? block(2, firstBlock.forward(folded, input))
            : firstTwoBlocks(input);
    for (int block = 3; block <= Architecture.BLOCKS; block++) {
      x = block(block, x);
    }
    return Head.logits(folded, x).toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** The maximum commutes with ReLU, which then has only an eighth of the values to process. */
  private NDArray block(int block, NDArray x) {
    return Layers.relu(Layers.pool(Layers.convolve(folded, block, x)));
  }

  private NDArray firstTwoBlocks(NDArray volumes) {
    NDManager manager = volumes.getManager();
    Shape first = firstBlock.output();
    int batch = (int) volumes.getShape().get(0);
    int width = pooled(first.get(0));
    Shape second =
        new Shape(batch, width, pooled(first.get(1)), pooled(first.get(2)), first.get(3));
    NDArray result = manager.create(second, precision.type());
    // The first block's output for one slab of the second.
    NDArray window =
        manager.create(new Shape(1, planes(SLAB_WIDTH)).addAll(first.slice(1)), precision.type());
    for (int n = 0; n < batch; n++) {
      for (int from = 0; from < width; from += SLAB_WIDTH) {
        int to = Math.min(from + SLAB_WIDTH, width);
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          fill(window, volumes, n, from, to);
          NDArray seen = window.get(new NDIndex().addAllDim().addSliceDim(0, planes(to - from)));
          NDArray slab = block(2, seen.transpose(0, 4, 1, 2, 3));
          result.set(
              new NDIndex().addSliceDim(n, n + 1).addSliceDim(from, to),
              slab.transpose(0, 2, 3, 4, 1));
        }
      }
    }
    return result.transpose(0, 4, 1, 2, 3);
  }

  /**
   * Fills the window for the slab {@code from} to {@code to}; keeps the planes of the slab before.
   */
  private void fill(NDArray window, NDArray volumes, int n, int from, int to) {
    int known = from == 0 ? 0 : SHARED;
    if (known > 0) {
      int end = planes(SLAB_WIDTH);
      window.set(
          new NDIndex().addAllDim().addSliceDim(0, known),
          window.get(new NDIndex().addAllDim().addSliceDim(end - known, end)));
    }
    int begin = from * Architecture.POOL;
    int end = begin + planes(to - from);
    firstBlock.fill(window, 0, known, folded, volumes, n, begin + known, end);
  }

  /** Planes of the first block's output that a number of the second's planes depend on. */
  private static int planes(int ofSecond) {
    return ofSecond * Architecture.POOL + SHARED;
  }

  /** Planes that the second block makes of a number of planes. */
  private static int pooled(long planes) {
    return (int) (planes - SHARED) / Architecture.POOL;
  }
}
