package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Inference with frozen weights, on the GPU if the engine has one, else on the CPU.
 *
 * <p>Not thread-safe: one thread at a time. Networks and learners may live side by side.
 */
public final class Network implements AutoCloseable {

  private final NDManager manager;
  private final InferencePass pass;
  private final VolumeBatch batches;

  private Network(NDManager manager, InferencePass pass, InputShape shape) {
    this.manager = manager;
    this.pass = pass;
    this.batches = new VolumeBatch(shape);
  }

  /** Loads {@code weights} for volumes of {@code shape}. */
  public static Network load(ModelWeights weights, InputShape shape) {
    return load(weights, shape, Execution.FAST);
  }

  /** The same, computed as {@code execution} says. */
  public static Network load(ModelWeights weights, InputShape shape, Execution execution) {
    NDManager manager = TorchEngine.openManager();
    InferencePass pass =
        switch (execution) {
          case LAYER_BY_LAYER -> LayerByLayer.inference(Parameters.load(weights, manager));
          case FAST -> new SlabInference(weights, shape, manager);
        };
    return new Network(manager, pass, shape);
  }

  /**
   * Probability of ABNORMAL of each volume, in [0, 1].
   *
   * @param volumes voxels as 16-bit unsigned fixed point, {@code q / 65535}, in (W, H, D) order,
   *     depth fastest
   * @throws IllegalArgumentException if the batch is empty or a volume has another size
   */
  public float[] probabilities(List<short[]> volumes) {
    return probabilities(volumes, batches::fromFixedPoint);
  }

  /** The same of voxels in [0, 1]. */
  float[] probabilitiesOfFloats(List<float[]> volumes) {
    return probabilities(volumes, batches::fromFloats);
  }

  private <V> float[] probabilities(
      List<V> volumes, BiFunction<NDManager, List<V>, NDArray> input) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = pass.logits(input.apply(manager, volumes));
      return Logits.probabilities(logits.toFloatArray());
    }
  }

  /** Where the network computes: {@code cpu} or {@code gpu(0)}. */
  public String device() {
    Device device = manager.getDevice();
    return device.isGpu() ? "gpu(" + device.getDeviceId() + ")" : "cpu";
  }

  /** Frees the engine's memory; the network cannot be used afterwards. */
  @Override
  public void close() {
    manager.close();
  }
}
