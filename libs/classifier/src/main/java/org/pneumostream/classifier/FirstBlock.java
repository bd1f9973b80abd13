package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.List;
import org.pneumostream.volume.InputShape;

/**
 * Convolution, pool and ReLU of the first block, in slabs of planes along W.
 *
 * <p>The convolution's output is 64 times the volume (252 MB at 128×128×64), and only the pool
 * needs it. A slab of it stays in the processor's cache. The whole output would go through memory
 * three times, which takes far longer than its arithmetic. The kernel's first axis becomes three
 * input channels of a 2D convolution over planes, whose channels-last path the engine vectorizes.
 * ReLU comes after the pool, on an eighth of the values, since the maximum commutes with it.
 */
final class FirstBlock {

  static final String WEIGHT = Architecture.blockPrefix(1) + "conv.weight";
  static final String BIAS = Architecture.blockPrefix(1) + "conv.bias";
  static final int CHANNELS = Architecture.FILTERS.get(0);
  static final int TAPS = Architecture.KERNEL * Architecture.KERNEL * Architecture.KERNEL;

  /** Convolution output in one slab, which fits the last-level cache of common servers. */
  private static final int SLAB_BYTES = 16 << 20;

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

  /** The whole block, for volumes of {@code input}. */
  static FirstBlock whole(InputShape input, Device device) {
    List<Integer> output = Architecture.blockOutput(1, input);
    return new FirstBlock(output.get(1), output.get(2), output.get(3), device);
  }

  /**
   * The part of the block that the next block's pool reads, without the last plane of an odd
   * number. This is exact only without BatchNorm, whose statistics cover all planes.
   */
  static FirstBlock seen(InputShape input, Device device) {
    List<Integer> output = Architecture.blockOutput(1, input);
    return new FirstBlock(even(output.get(1)), even(output.get(2)), even(output.get(3)), device);
  }

  private static int even(int planes) {
    return planes / Architecture.POOL * Architecture.POOL;
  }

  /**
   * Computes the block without recording gradients.
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
   * Computes some planes of one volume without recording gradients.
   *
   * @param target (N, at least as many planes, h, d, 64), filled from plane {@code at} of item
   *     {@code item}
   * @param n index of the volume in {@code volumes}
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
    for (int begin = from; begin < to; begin += slabWidth) {
      int end = Math.min(begin + slabWidth, to);
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDIndex place =
            new NDIndex().addIndices(item).addSliceDim(at + begin - from, at + end - from);
        NDArray pooled = Layers.pool(convolve(parameters, volumes, n, begin, end));
        target.set(place, Layers.relu(pooled).squeeze(0).transpose(1, 2, 3, 0));
      }
    }
  }

  /** Planes, rows and columns of the output, and channels: (w, h, d, 64). */
  Shape output() {
    return output;
  }

  /** Planes of the output in one slab. */
  int slabWidth() {
    return slabWidth;
  }

  /**
   * The convolution output that is pooled to the planes {@code from} to {@code to}, exclusive, of
   * volume {@code n}: (1, 64, planes, 2h, 2d), channels fastest in memory.
   */
  NDArray convolve(Parameters parameters, NDArray volumes, int n, int from, int to) {
    long more = Architecture.KERNEL - 1;
    NDList taps = new NDList();
    for (int w = 0; w < Architecture.KERNEL; w++) {
      taps.add(voxels(volumes, n, from, to, w, 0, 0, more));
    }
    // (planes, 3, 2h + 2, 2d + 2), taps fastest in memory.
    NDArray unfolded = NDArrays.stack(taps, 3).transpose(0, 3, 1, 2);
    NDArray kernel =
        parameters
            .get(WEIGHT)
            .reshape(CHANNELS, Architecture.KERNEL, Architecture.KERNEL, Architecture.KERNEL);
    // The axis of size one is inserted as the slowest. Inserted after the channels, its stride
    // would hide from the engine that channels are last.
    return Conv2d.conv2d(unfolded, kernel, parameters.get(BIAS))
        .singletonOrThrow()
        .transpose(0, 2, 3, 1)
        .expandDims(0)
        .transpose(0, 4, 1, 2, 3);
  }

  /** The inputs of each kernel tap for the same convolution: (planes, 27, 2h · 2d). */
  NDArray unfold(NDArray volumes, int n, int from, int to) {
    NDList taps = new NDList();
    for (int w = 0; w < Architecture.KERNEL; w++) {
      for (int h = 0; h < Architecture.KERNEL; h++) {
        for (int d = 0; d < Architecture.KERNEL; d++) {
          taps.add(voxels(volumes, n, from, to, w, h, d, 0));
        }
      }
    }
    return NDArrays.stack(taps, 1).reshape((long) (to - from) * Architecture.POOL, TAPS, -1);
  }

  /**
   * Voxels under the kernel's tap (w, h, d) over all its positions: (planes, 2h, 2d).
   *
   * @param more additional rows and columns to take
   */
  private NDArray voxels(NDArray volumes, int n, int from, int to, int w, int h, int d, long more) {
    return volumes.get(
        new NDIndex()
            .addIndices(n, 0)
            .addSliceDim(from * Architecture.POOL + w, to * Architecture.POOL + w)
            .addSliceDim(h, h + Architecture.POOL * output.get(1) + more)
            .addSliceDim(d, d + Architecture.POOL * output.get(2) + more));
  }
}
