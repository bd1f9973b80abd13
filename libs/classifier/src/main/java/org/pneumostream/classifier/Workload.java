package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.pneumostream.volume.InputShape;

/** The arithmetic of a forward pass, and the engine's speed on this machine. */
public final class Workload {
  /** Sides of square matrices: within the caches, and large enough for a GPU. */
  private static final List<Integer> SIDES = List.of(512, 1024, 2048);

  /** Input and output channels of convolutions. */
  private static final List<Integer> CHANNELS = List.of(64, 128, 256);

  /** Output side of a convolution: with these channels the output fits the cache. */
  private static final int OUTPUT_SIDE = 32;

  private static final long TOTAL_NANOS = 3_000_000_000L;
  private static final long TURN_NANOS = 50_000_000L;

  private Workload() {}

  /** Work for the engine, and its number of floating-point operations. */
  private record Product(double operations, Supplier<NDArray> work) {

    /** Operations per second of one repetition. */
    double rate() {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        long start = System.nanoTime();
        NDArray result = work.get();
        // Reading one value waits for the result on an asynchronous device.
        result.getFloat(new long[result.getShape().dimension()]);
        return operations / ((System.nanoTime() - start) / 1e9);
      }
    }
  }

  /**
   * Floating-point operations of scoring one volume: a multiplication and an addition for every
   * weight of every convolution at every position that the pool reads. The rest is below one per
   * cent.
   */
  public static long operations(InputShape shape) {
    long operations = 0;
    int in = 1;
    for (int block = 1; block <= Architecture.BLOCKS; block++) {
      long places = 1;
      for (int side : Architecture.blockOutput(block, shape).subList(1, 4)) {
        places *= (long) side * Architecture.POOL;
      }
      int out = Architecture.FILTERS.get(block - 1);
      int taps = Architecture.KERNEL * Architecture.KERNEL * Architecture.KERNEL;
      operations += 2 * places * taps * in * out;
      in = out;
    }
    return operations;
  }

  /**
   * The best rate of the engine, in float32 operations per second, over three seconds of favourable
   * work: matrix products, and convolutions of the network's widths that stay in cache. Another
   * library computes the convolutions, which is faster on some processors.
   */
  public static double peakRate() {
    try (NDManager manager = TorchEngine.openManager()) {
      List<Product> products = new ArrayList<>();
      SIDES.forEach(side -> products.add(matrices(manager, side)));
      CHANNELS.forEach(channels -> products.add(convolution(manager, channels)));
      double best = 0;
      long end = System.nanoTime() + TOTAL_NANOS;
      do {
        for (Product product : products) {
          long turnEnd = System.nanoTime() + TURN_NANOS;
          do {
            best = Math.max(best, product.rate());
          } while (System.nanoTime() < turnEnd);
        }
      } while (System.nanoTime() < end);
      return best;
    }
  }

  /**
   * Starts the engine, if necessary, and runs one addition, so that its own memory is allocated.
   */
  public static void startEngine() {
    try (NDManager manager = TorchEngine.openManager()) {
      manager.ones(new Shape(1)).add(1).toFloatArray();
    }
  }

  private static Product matrices(NDManager manager, int side) {
    NDArray a = manager.randomUniform(0, 1, new Shape(side, side));
    NDArray b = manager.randomUniform(0, 1, new Shape(side, side));
    return new Product(2.0 * side * side * side, () -> a.matMul(b));
  }

  /** 3×3, channels last. */
  private static Product convolution(NDManager manager, int channels) {
    int kernel = Architecture.KERNEL;
    int input = OUTPUT_SIDE + kernel - 1;
    NDArray image =
        manager.randomUniform(0, 1, new Shape(1, input, input, channels)).transpose(0, 3, 1, 2);
    NDArray weight = manager.randomUniform(0, 1, new Shape(channels, channels, kernel, kernel));
    NDArray bias = manager.zeros(new Shape(channels));
    return new Product(
        2.0 * OUTPUT_SIDE * OUTPUT_SIDE * kernel * kernel * channels * channels,
        () -> Conv2d.conv2d(image, weight, bias).singletonOrThrow());
  }
}
