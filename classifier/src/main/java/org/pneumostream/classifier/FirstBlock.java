package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;

/**
 * Convolution, pool and ReLU of the first block, in slabs of planes along W.
 *
 * <p>The convolution's output is 64 times the volume (252 MB at 128×128×64) and is needed only by
 * the pool. A slab of it stays in the processor's cache; the whole of it goes through memory three
 * times, which takes far longer than its arithmetic. The kernel's first axis becomes three input
 * channels of a 2D convolution over planes, whose channels-last path the engine vectorizes. ReLU
 * comes after the pool, on an eighth of the values: the maximum commutes with it.
 *
 * <p>Training keeps nothing but the block's output: the way back computes each slab again.
 */
final class FirstBlock {

  private static final String WEIGHT = Architecture.blockPrefix(1) + "conv.weight";
  private static final String BIAS = Architecture.blockPrefix(1) + "conv.bias";
  private static final int CHANNELS = Architecture.FILTERS.get(0);

  /** Of convolution output in one slab: fits the last-level cache of common servers. */
  private static final int SLAB_BYTES = 8 << 20;

  private final InputShape input;
  private final Shape output;
  private final int slabWidth;

  /** For volumes of {@code input}; a GPU's memory needs no slabs. */
  FirstBlock(InputShape input, Device device) {
    this.input = input;
    int[] pooled =
        Architecture.blockOutput(1, input).stream().mapToInt(Integer::intValue).toArray();
    this.output = new Shape(pooled[1], pooled[2], pooled[3], CHANNELS);
    int planeBytes = (input.height() - 2) * (input.depth() - 2) * CHANNELS * Float.BYTES;
    int fitting = Math.max(1, SLAB_BYTES / (Architecture.POOL * planeBytes));
    this.slabWidth = device.isGpu() ? pooled[1] : Math.min(fitting, pooled[1]);
  }

  /**
   * Computes the block without recording.
   *
   * @param volumes (N, 1, W, H, D)
   * @return (N, 64, w, h, d), channels fastest in memory
   */
  NDArray forward(Parameters parameters, NDArray volumes) {
    NDArray weight = parameters.get(WEIGHT);
    NDArray bias = parameters.get(BIAS);
    long batch = volumes.getShape().get(0);
    Shape shape = new Shape(batch).addAll(output);
    NDArray result = volumes.getManager().create(shape, volumes.getDataType());
    for (int n = 0; n < batch; n++) {
      for (int from = 0; from < output.get(0); from += slabWidth) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDIndex slab = slab(n, from);
          result.set(slab, block(volumes, n, from, weight, bias));
        }
      }
    }
    return result.transpose(0, 4, 1, 2, 3);
  }

  /**
   * Adds to the gradients of the block's kernel and bias.
   *
   * @param recording parameters that collect gradients
   * @param volumes as given to {@link #forward}
   * @param gradient of the loss by the block's output, (N, 64, w, h, d)
   */
  void backward(
      GradientCollector collector, Parameters recording, NDArray volumes, NDArray gradient) {
    NDArray weight = recording.get(WEIGHT);
    NDArray bias = recording.get(BIAS);
    NDArray channelsLast = gradient.transpose(0, 2, 3, 4, 1);
    for (int n = 0; n < volumes.getShape().get(0); n++) {
      for (int from = 0; from < output.get(0); from += slabWidth) {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray result = block(volumes, n, from, weight, bias);
          TrainingPass.backward(collector, result, channelsLast.get(slab(n, from)));
        }
      }
    }
  }

  /** Output planes {@code from} to the slab's end of volume {@code n}: (planes, h, d, 64). */
  private NDArray block(NDArray volumes, int n, int from, NDArray weight, NDArray bias) {
    int planes = slabEnd(from) - from;
    int convolved = planes * Architecture.POOL;
    int first = from * Architecture.POOL;
    NDList taps = new NDList();
    for (int tap = 0; tap < Architecture.KERNEL; tap++) {
      int begin = first + tap;
      taps.add(volumes.get(new NDIndex().addIndices(n, 0).addSliceDim(begin, begin + convolved)));
    }
    // (convolved, 3, H, D), taps fastest in memory.
    NDArray unfolded = NDArrays.stack(taps, 3).transpose(0, 3, 1, 2);
    NDArray kernel =
        weight.reshape(CHANNELS, Architecture.KERNEL, Architecture.KERNEL, Architecture.KERNEL);
    // (convolved, 64, H−2, D−2), channels fastest in memory, seen as one volume (1, 64, …). The
    // axis
    // of one is added slowest: added after the channels, its stride would hide from the engine that
    // they are last.
    NDArray activation =
        Conv2d.conv2d(unfolded, kernel, bias)
            .singletonOrThrow()
            .transpose(0, 2, 3, 1)
            .expandDims(0)
            .transpose(0, 4, 1, 2, 3);
    return Layers.relu(Layers.pool(activation)).squeeze(0).transpose(1, 2, 3, 0);
  }

  private NDIndex slab(int n, int from) {
    return new NDIndex().addIndices(n).addSliceDim(from, slabEnd(from));
  }

  private int slabEnd(int from) {
    return Math.min(from + slabWidth, (int) output.get(0));
  }
}
