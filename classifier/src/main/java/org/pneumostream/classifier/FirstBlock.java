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
import java.util.List;

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

  /** (w, h, d, 64). */
  private final Shape output;

  private final int slabWidth;

  private FirstBlock(int width, int height, int depth, Device device) {
    this.output = new Shape(width, height, depth, CHANNELS);
    int planeBytes =
        Architecture.POOL * height * Architecture.POOL * depth * CHANNELS * Float.BYTES;
    int fitting = Math.max(1, SLAB_BYTES / (Architecture.POOL * planeBytes));
    // A GPU's memory needs no slabs.
    this.slabWidth = device.isGpu() ? width : Math.min(fitting, width);
  }

  /** The whole of the block, for volumes of {@code input}. */
  static FirstBlock whole(InputShape input, Device device) {
    List<Integer> output = Architecture.blockOutput(1, input);
    return new FirstBlock(output.get(1), output.get(2), output.get(3), device);
  }

  /**
   * As much of the block as the next one's pool sees: of an odd number of planes it leaves out the
   * last. Without BatchNorm, whose statistics are of all planes, nothing else sees them.
   */
  static FirstBlock seen(InputShape input, Device device) {
    List<Integer> output = Architecture.blockOutput(1, input);
    return new FirstBlock(even(output.get(1)), even(output.get(2)), even(output.get(3)), device);
  }

  private static int even(int planes) {
    return planes / Architecture.POOL * Architecture.POOL;
  }

  /**
   * Computes the block without recording.
   *
   * @param volumes (N, 1, W, H, D)
   * @return (N, 64, w, h, d), channels fastest in memory
   */
  NDArray forward(Parameters parameters, NDArray volumes) {
    long batch = volumes.getShape().get(0);
    Shape shape = new Shape(batch).addAll(output);
    NDArray result = volumes.getManager().create(shape, volumes.getDataType());
    for (int n = 0; n < batch; n++) {
      fill(result, n, 0, parameters, volumes, n, 0, (int) output.get(0));
    }
    return result.transpose(0, 4, 1, 2, 3);
  }

  /**
   * Computes some planes of one volume without recording.
   *
   * @param target (N, at least as many planes, h, d, 64), to be filled from plane {@code at} of its
   *     item {@code item}
   * @param n the volume of {@code volumes}
   * @param from first plane of the block's output
   * @param to plane after the last
   */
  void fill(
      NDArray target,
      int item,
      int at,
      Parameters parameters,
      NDArray volumes,
      int n,
      int from,
      int to) {
    NDArray weight = parameters.get(WEIGHT);
    NDArray bias = parameters.get(BIAS);
    for (int begin = from; begin < to; begin += slabWidth) {
      int end = Math.min(begin + slabWidth, to);
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDIndex place =
            new NDIndex().addIndices(item).addSliceDim(at + begin - from, at + end - from);
        target.set(place, block(volumes, n, begin, end, weight, bias));
      }
    }
  }

  /** Planes, rows and columns of the output, and channels: (w, h, d, 64). */
  Shape output() {
    return output;
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
          int to = Math.min(from + slabWidth, (int) output.get(0));
          NDArray result = block(volumes, n, from, to, weight, bias);
          NDIndex slab = new NDIndex().addIndices(n).addSliceDim(from, to);
          TrainingPass.backward(collector, result, channelsLast.get(slab));
        }
      }
    }
  }

  /**
   * Output planes {@code from} to {@code to}, exclusive, of volume {@code n}: (planes, h, d, 64).
   */
  private NDArray block(NDArray volumes, int n, int from, int to, NDArray weight, NDArray bias) {
    int convolved = (to - from) * Architecture.POOL;
    int first = from * Architecture.POOL;
    NDList taps = new NDList();
    for (int tap = 0; tap < Architecture.KERNEL; tap++) {
      int begin = first + tap;
      taps.add(
          volumes.get(
              new NDIndex()
                  .addIndices(n, 0)
                  .addSliceDim(begin, begin + convolved)
                  .addSliceDim(0, taken(1))
                  .addSliceDim(0, taken(2))));
    }
    // (convolved, 3, 2h + 2, 2d + 2), taps fastest in memory.
    NDArray unfolded = NDArrays.stack(taps, 3).transpose(0, 3, 1, 2);
    NDArray kernel =
        weight.reshape(CHANNELS, Architecture.KERNEL, Architecture.KERNEL, Architecture.KERNEL);
    // (convolved, 64, 2h, 2d), channels fastest in memory, seen as one volume (1, 64, …).
    // The axis of one is added slowest: added after the channels, its stride would hide from the
    // engine that they are last.
    NDArray activation =
        Conv2d.conv2d(unfolded, kernel, bias)
            .singletonOrThrow()
            .transpose(0, 2, 3, 1)
            .expandDims(0)
            .transpose(0, 4, 1, 2, 3);
    return Layers.relu(Layers.pool(activation)).squeeze(0).transpose(1, 2, 3, 0);
  }

  /** Voxels of a volume along an axis that the output along it depends on. */
  private long taken(int axis) {
    return Architecture.POOL * output.get(axis) + Architecture.KERNEL - 1;
  }
}
