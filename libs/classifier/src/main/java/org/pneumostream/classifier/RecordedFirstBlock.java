package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The first block of a training step, slab by slab, forward and backward.
 *
 * <p>The engine records only the pool of each slab. The convolution passes no gradient to the
 * volumes, and its kernel's gradient is a matrix product over the voxels under the taps: the
 * engine's own, for a kernel of three input channels, takes twice as long. The pool's input is kept
 * (252 MB per volume of 128×128×64), since recomputing it takes longer than writing it.
 */
final class RecordedFirstBlock {

  /**
   * Planes {@code from} to {@code to}, exclusive, of volume {@code n}.
   *
   * @param convolved the pool's input, a leaf
   */
  private record Slab(int n, int from, int to, NDArray convolved, NDArray pooled) {

    /** Its position in (N, 64, w, h, d). */
    NDIndex place() {
      return new NDIndex().addSliceDim(n, n + 1).addAllDim().addSliceDim(from, to);
    }
  }

  private final FirstBlock block;
  private final NDArray volumes;
  private final List<Slab> slabs = new ArrayList<>();
  private final NDArray output;
  private final ChannelMoments moments = new ChannelMoments(FirstBlock.CHANNELS);

  /**
   * Computes the block.
   *
   * @param parameters without gradients
   * @param volumes (N, 1, W, H, D)
   */
  RecordedFirstBlock(FirstBlock block, Parameters parameters, NDArray volumes) {
    this.block = block;
    this.volumes = volumes;
    int batch = (int) volumes.getShape().get(0);
    NDManager manager = volumes.getManager();
    this.output = manager.create(new Shape(batch).addAll(block.output())).transpose(0, 4, 1, 2, 3);
    int width = (int) block.output().get(0);
    for (int n = 0; n < batch; n++) {
      for (int from = 0; from < width; from += block.slabWidth()) {
        compute(parameters, n, from, Math.min(from + block.slabWidth(), width));
      }
    }
  }

  private void compute(Parameters parameters, int n, int from, int to) {
    NDArray convolved = block.convolve(parameters, volumes, n, from, to);
    convolved.setRequiresGradient(true);
    Slab slab = new Slab(n, from, to, convolved, Layers.pool(convolved));
    slabs.add(slab);
    NDArray activation = Layers.relu(slab.pooled().stopGradient());
    moments.add(activation);
    output.set(slab.place(), activation);
  }

  /** (N, 64, w, h, d), channels fastest in memory. */
  NDArray output() {
    return output;
  }

  /** Moments of the output. */
  ChannelMoments moments() {
    return moments;
  }

  /**
   * Adds to the gradients of the block's kernel and bias, and frees what was recorded.
   *
   * @param leaves parameters that collect gradients
   * @param direct gradient of the loss by the output, without the part through the statistics
   * @param norm BatchNorm of the output
   */
  void backward(Parameters leaves, NDArray direct, FoldedBatchNorm norm) {
    NDManager manager = volumes.getManager();
    NDArray kernelGradient = manager.zeros(new Shape(FirstBlock.TAPS, FirstBlock.CHANNELS));
    NDArray biasGradient = manager.zeros(new Shape(FirstBlock.CHANNELS));
    for (Slab slab : slabs) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray activation = output.get(slab.place());
        // ReLU passes the gradient where its output is positive.
        NDArray gradient =
            norm.gradient(activation, direct.get(slab.place())).mul(activation.gt(0));
        biasGradient.addi(gradient.sum(new int[] {0, 2, 3, 4}));
        kernelGradient.addi(kernelGradient(slab, gradient));
      }
    }
    slabs.clear();
    NDArray kernel = leaves.get(FirstBlock.WEIGHT);
    TrainingPass.backward(kernel, kernelGradient.transpose().reshape(kernel.getShape()));
    TrainingPass.backward(leaves.get(FirstBlock.BIAS), biasGradient);
  }

  /** (27, 64). */
  private NDArray kernelGradient(Slab slab, NDArray gradient) {
    try (NDArray convolved = slab.convolved();
        NDArray pooled = slab.pooled()) {
      TrainingPass.backward(pooled, gradient);
      NDArray unfolded = block.unfold(volumes, slab.n(), slab.from(), slab.to());
      NDArray rows =
          convolved
              .getGradient()
              .transpose(0, 2, 3, 4, 1)
              .reshape(unfolded.getShape().get(0), -1, FirstBlock.CHANNELS);
      return unfolded.batchMatMul(rows).sum(new int[] {0});
    }
  }
}
