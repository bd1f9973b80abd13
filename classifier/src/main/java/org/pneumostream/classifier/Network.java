package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Inference with frozen weights, on the GPU if the engine has one, else on the CPU.
 *
 * <p>Not thread-safe: one thread at a time. Networks and learners may live side by side.
 */
public final class Network implements AutoCloseable {

  private final NDManager manager;
  private final Parameters parameters;
  private final VolumeBatch batches;

  private Network(NDManager manager, Parameters parameters, InputShape shape) {
    this.manager = manager;
    this.parameters = parameters;
    this.batches = new VolumeBatch(shape);
  }

  /** Loads {@code weights} for volumes of {@code shape}. */
  public static Network load(ModelWeights weights, InputShape shape) {
    NDManager manager = TorchEngine.openManager();
    return new Network(manager, Parameters.load(weights, manager), shape);
  }

  /**
   * Probability of ABNORMAL of each volume, in [0, 1].
   *
   * @param volumes voxels as 16-bit unsigned fixed point, {@code q / 65535}, in (W, H, D) order,
   *     depth fastest
   * @throws IllegalArgumentException if the batch is empty or a volume has another size
   */
  public float[] probabilities(List<short[]> volumes) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray input = batches.fromFixedPoint(scratch, volumes);
      NDArray logits = Head.logits(parameters, LayerByLayer.infer(parameters, input));
      return Logits.probabilities(logits.toFloatArray());
    }
  }

  /** Where the network computes: {@code cpu} or {@code gpu(0)}. */
  public String device() {
    return manager.getDevice().toString();
  }

  /** Frees the engine's memory; the network cannot be used afterwards. */
  @Override
  public void close() {
    manager.close();
  }
}
