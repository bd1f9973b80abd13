package org.pneumostream.classifier;

/**
 * The engine's device, as far as rounding depends on it: a CPU splits sums among its threads, and a
 * GPU splits them differently. Processors of different types may also round differently.
 *
 * @param kind {@code cpu} or {@code gpu}
 * @param threads number of the engine's threads on a CPU; 0 on a GPU
 */
public record ComputeDevice(String kind, int threads) {

  /** The device of networks and learners in this process. */
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
