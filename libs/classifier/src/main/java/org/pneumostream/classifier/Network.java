package org.pneumostream.classifier;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.pneumostream.volume.InputShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inference with frozen weights, on the GPU if the engine has one, else on the CPU.
 *
 * <p>Volumes go through the engine in batches that fit its memory. A batch that does not fit is
 * halved, and the network keeps the size that fitted.
 *
 * <p>Not thread-safe. Several networks and learners may exist at once.
 */
public final class Network implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Network.class);

  private final NDManager manager;
  private final InferencePass pass;
  private final InputShape shape;
  private final VolumeBatch batches;

  /** Most volumes per batch. */
  private int batchMax;

  Network(NDManager manager, InferencePass pass, InputShape shape, int batchMax) {
    this.manager = manager;
    this.pass = pass;
    this.shape = shape;
    this.batches = new VolumeBatch(shape);
    this.batchMax = batchMax;
  }

  /** Loads {@code weights} for volumes of {@code shape}. */
  public static Network load(ModelWeights weights, InputShape shape) {
    return load(weights, shape, Precision.FULL);
  }

  /** The same with a choice of precision, even if the device does not benefit. */
  public static Network load(ModelWeights weights, InputShape shape, Precision precision) {
    return open(manager -> new SlabInference(weights, shape, precision, manager), shape);
  }

  /**
   * Like {@link #load(ModelWeights, InputShape, Precision)}, but scores two synthetic volumes
   * first: one all bone, one of noise. Finite weights may still overflow.
   *
   * @throws ModelException if the output for one of them is not finite
   */
  public static Network loadProven(ModelWeights weights, InputShape shape, Precision precision) {
    Network network = load(weights, shape, precision);
    try {
      var unused = network.probabilities(List.of(bone(shape), noise(shape)));
      return network;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static short[] bone(InputShape shape) {
    short[] voxels = new short[shape.voxels()];
    Arrays.fill(voxels, (short) 65535);
    return voxels;
  }

  private static short[] noise(InputShape shape) {
    short[] voxels = new short[shape.voxels()];
    SplittableRandom random = new SplittableRandom(0);
    for (int i = 0; i < voxels.length; i++) {
      voxels[i] = (short) random.nextInt();
    }
    return voxels;
  }

  /** The same in full precision, with a choice of execution. */
  public static Network load(ModelWeights weights, InputShape shape, Execution execution) {
    if (execution == Execution.FAST) {
      return load(weights, shape);
    }
    return open(manager -> LayerByLayer.inference(Parameters.load(weights, manager)), shape);
  }

  private static Network open(Function<NDManager, InferencePass> pass, InputShape shape) {
    NDManager manager = TorchEngine.openManager();
    try {
      // A CPU gains nothing from a larger batch but would hold all its activations at once.
      int batchMax = manager.getDevice().isGpu() ? Integer.MAX_VALUE : 1;
      return new Network(manager, pass.apply(manager), shape, batchMax);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Probability of ABNORMAL of each volume, in [0, 1].
   *
   * @param volumes voxels as 16-bit unsigned fixed point, {@code q / 65535}, in (W, H, D) order,
   *     depth fastest
   * @throws IllegalArgumentException if there are no volumes or one has another size
   * @throws IllegalStateException if the engine's memory is too small for one volume
   * @throws ModelException if the network's output is not finite, for example if half precision
   *     overflows
   */
  public float[] probabilities(List<short[]> volumes) {
    return probabilities(volumes, batches::fromFixedPoint);
  }

  /** The same for voxels in [0, 1]. */
  float[] probabilitiesOfFloats(List<float[]> volumes) {
    return probabilities(volumes, batches::fromFloats);
  }

  private <V> float[] probabilities(
      List<V> volumes, BiFunction<NDManager, List<V>, NDArray> input) {
    float[] logits = new float[volumes.size()];
    int done = 0;
    do {
      int end = done + Math.min(batchMax, volumes.size() - done);
      try {
        float[] batch = logits(volumes.subList(done, end), input);
        System.arraycopy(batch, 0, logits, done, batch.length);
        done = end;
      } catch (EngineException e) {
        if (!TorchEngine.isOutOfMemory(e)) {
          throw e;
        }
        halve(end - done, e);
      }
    } while (done < volumes.size());
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new ModelException("the network's output must be finite but is " + logit);
      }
    }
    return Logits.probabilities(logits);
  }

  private <V> float[] logits(List<V> batch, BiFunction<NDManager, List<V>, NDArray> input) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return pass.logits(input.apply(manager, batch));
    }
  }

  private void halve(int tooMany, EngineException failure) {
    String reason = failure.getMessage().lines().findFirst().orElse("");
    if (tooMany == 1) {
      throw new IllegalStateException(
          "one volume of %s does not fit the memory of %s: %s".formatted(shape, device(), reason),
          failure);
    }
    batchMax = tooMany / 2;
    log.warn(
        "a batch of {} volumes of {} does not fit the memory of {}; batches are now limited to {}: {}",
        tooMany,
        shape,
        device(),
        batchMax,
        reason);
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
