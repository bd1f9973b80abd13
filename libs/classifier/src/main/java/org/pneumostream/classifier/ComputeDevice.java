package org.pneumostream.classifier;

/**
 * What the engine computes on, as far as rounding depends on it: sums are split among the threads
 * of a CPU, and differently on a GPU. Processors of different make may round differently, too.
 *
 * @param kind {@code cpu} or {@code gpu}
 * @param threads of the engine on a CPU; 0 on a GPU
 */
public record ComputeDevice(String kind, int threads) {

  /** That of networks and learners in this process. */
  public static ComputeDevice current() {
    return TorchEngine.device().isGpu()
        ? new ComputeDevice("gpu", 0)
        : new ComputeDevice("cpu", TorchEngine.threads());
  }

  @Override
  public String toString() {
    return threads == 0 ? kind : "%s with %d threads".formatted(kind, threads);
  }
}
