package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.pneumostream.volume.InputShape;

/**
 * Trains the network one optimizer step at a time: binary cross-entropy, {@link Adam}, dropout.
 *
 * <p>On a CPU, the same state, settings and batches on the same machine with the same number of
 * engine threads give the same weights, bit for bit. On a GPU this is not guaranteed.
 *
 * <p>Not thread-safe. Steps of several learners in one process take turns, since the engine records
 * gradients for one at a time.
 */
public final class Learner implements AutoCloseable {

  private static final Object ENGINE_RECORDS_ONE_AT_A_TIME = new Object();

  private final InputShape shape;
  private final LearnerSettings settings;
  private final Execution execution;
  private final NDManager manager;
  private final Parameters parameters;
  private final Adam adam;
  private final TrainingPass pass;
  private final VolumeBatch batches;
  private final Map<String, String> metadata;
  private long steps;

  /** The network after the last step, created on demand; null before. */
  private @Nullable Network evaluation;

  private Learner(
      LearnerState state, InputShape shape, LearnerSettings settings, Execution execution) {
    this.shape = shape;
    this.settings = settings;
    this.execution = execution;
    this.manager = TorchEngine.openManager();
    this.parameters = Parameters.load(state.weights(), manager);
    this.adam = new Adam(manager, state);
    this.pass = TrainingPass.of(execution, shape, manager.getDevice(), settings);
    this.batches = new VolumeBatch(shape);
    this.metadata = state.weights().metadata();
    this.steps = state.steps();
  }

  /** Starts from {@code initial} with fresh moments. */
  public static Learner start(ModelWeights initial, InputShape shape, LearnerSettings settings) {
    return resume(LearnerState.before(initial), shape, settings);
  }

  /** Continues from {@code state} exactly as its learner would have. */
  public static Learner resume(LearnerState state, InputShape shape, LearnerSettings settings) {
    return resume(state, shape, settings, Execution.FAST);
  }

  /** The same with a choice of execution. */
  public static Learner resume(
      LearnerState state, InputShape shape, LearnerSettings settings, Execution execution) {
    return new Learner(state, shape, settings, execution);
  }

  /**
   * Makes one optimizer step on a batch.
   *
   * @param volumes voxels in [0, 1] in (W, H, D) order, depth fastest
   * @param abnormal the label of each volume: true for ABNORMAL, false for NORMAL
   * @throws IllegalArgumentException if there are no volumes, one has another size, or the number
   *     of labels differs
   * @throws ModelException if the loss is not finite; the learner must not be used afterwards
   */
  @SuppressWarnings("try") // The engine records while the collector is open.
  public StepResult step(List<float[]> volumes, boolean[] abnormal) {
    if (volumes.size() != abnormal.length) {
      throw new IllegalArgumentException(
          "%d volumes need as many labels but have %d".formatted(volumes.size(), abnormal.length));
    }
    synchronized (ENGINE_RECORDS_ONE_AT_A_TIME) {
      try (NDScope scope = new NDScope();
          GradientCollector recording = TorchEngine.engine().newGradientCollector()) {
        scope.suppressNotUsedWarning();
        return step(batches.fromFloats(manager, volumes), abnormal);
      }
    }
  }

  private StepResult step(NDArray volumes, boolean[] abnormal) {
    TrainingPass.Outcome outcome =
        pass.run(parameters, volumes, dropoutMask(abnormal.length), abnormal);
    float loss = Logits.loss(outcome.logits(), abnormal);
    if (!Float.isFinite(loss)) {
      throw new ModelException("loss must be finite but is %s at step %d".formatted(loss, steps));
    }
    double learningRate = settings.learningRateAt(steps);
    steps++;
    adam.update(parameters, outcome.gradients(), learningRate, steps);
    closeEvaluation();
    return new StepResult(loss, Logits.probabilities(outcome.logits()), learningRate);
  }

  /** (N, 512); depends on seed and step only, so that a resumed run draws the same. */
  private NDArray dropoutMask(int volumes) {
    long drawn = new SplittableRandom(steps).nextLong();
    SplittableRandom random = new SplittableRandom(settings.seed() ^ drawn);
    float kept = (float) (1 / (1 - settings.dropout()));
    float[] mask = new float[volumes * Architecture.HIDDEN];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < settings.dropout() ? 0 : kept;
    }
    return manager.create(mask, new Shape(volumes, Architecture.HIDDEN));
  }

  /**
   * Probability of ABNORMAL of each volume with the current weights, in evaluation mode: running
   * statistics, no dropout.
   *
   * @param volumes as for {@link #step}
   */
  public float[] probabilities(List<float[]> volumes) {
    if (evaluation == null) {
      evaluation = Network.load(weights(), shape, execution);
    }
    return evaluation.probabilitiesOfFloats(volumes);
  }

  /** A copy of the current weights, with the metadata of the initial ones. */
  public ModelWeights weights() {
    return new ModelWeights(parameters.toArrays(), metadata);
  }

  /** The state that {@link #resume} continues from. */
  public LearnerState state() {
    return LearnerState.after(steps, weights(), adam.firstMoments(), adam.secondMoments());
  }

  /** Frees the engine's memory; the learner cannot be used afterwards. */
  @Override
  public void close() {
    closeEvaluation();
    manager.close();
  }

  private void closeEvaluation() {
    if (evaluation != null) {
      evaluation.close();
      evaluation = null;
    }
  }
}
