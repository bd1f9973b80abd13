package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** How much arithmetic a forward pass is, and how much of it the machine can do. */
public final class Workload {
  private static final int SIDE = 1536;
  private static final int ROUNDS = 10;

  private Workload() {}

  /**
   * Floating-point operations of scoring one volume: a multiplication and an addition for every
   * weight of every convolution at every place that the pool reads. The rest is below one per cent.
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

  /** The engine's best rate of a product of large float32 matrices, in operations a second. */
  public static double matrixProductRate() {
    try (NDManager manager = TorchEngine.openManager()) {
      NDArray a = manager.randomUniform(0, 1, new Shape(SIDE, SIDE));
      NDArray b = manager.randomUniform(0, 1, new Shape(SIDE, SIDE));
      double best = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        try (NDArray product = a.matMul(b)) {
          // Reading one value waits for the product on a device that computes on its own.
          product.getFloat(0, 0);
        }
        best = Math.max(best, 2.0 * SIDE * SIDE * SIDE / ((System.nanoTime() - start) / 1e9));
      }
      return best;
    }
  }
}
