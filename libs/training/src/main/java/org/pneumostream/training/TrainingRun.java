package org.pneumostream.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.Learner;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.StepResult;
import org.pneumostream.preprocessing.Augmentation;
import org.pneumostream.volume.Decision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the network on a training set, as the reference does: shuffled epochs, batches, random
 * rotation, validation after each epoch, early stopping on validation accuracy, and the weights of
 * the epoch with the lowest validation loss.
 *
 * <p>The same scans, configuration and initial weights give the same weights on the same CPU with
 * the same number of threads, in whatever order the scans were added to the set.
 */
public final class TrainingRun {
  private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);
  private static final double NANOS_PER_SECOND = 1e9;

  private final TrainingConfig config;
  private final TrainingSet set;
  private final Augmentation augmentation;
  private final List<Example> training;
  private final List<Example> validation;
  private final TrainingCounts counts;

  /**
   * Splits the set.
   *
   * @throws TrainingRefusedException if it is too small
   */
  public TrainingRun(TrainingConfig config, TrainingSet set) {
    this.config = config;
    this.set = set;
    this.augmentation = new Augmentation(config.shape());
    this.training = set.examples(config.split(), Subset.TRAINING);
    this.validation = set.examples(config.split(), Subset.VALIDATION);
    this.counts = TrainingCounts.of(set, config.split());
    counts.requireEnough(config.minScansPerClass());
  }

  /**
   * Trains.
   *
   * @param initial weights that the run starts from
   * @param stop checked between steps; true ends the run
   * @throws CancellationException if it was stopped
   * @throws TrainingRefusedException if training diverged in the first epoch; later, the best epoch
   *     so far is the result
   */
  public TrainingResult run(ModelWeights initial, TrainingListener listener, BooleanSupplier stop) {
    return run(Checkpoint.before(initial), Checkpoints.NONE, listener, stop);
  }

  /**
   * Continues from a checkpoint. Saves a checkpoint after each epoch before it informs the
   * listener. A run that continues from its last checkpoint gives the same weights as an
   * uninterrupted one.
   *
   * @param stop checked between steps; true ends the run
   * @throws CancellationException if it was stopped
   * @throws TrainingRefusedException if training diverged in the first epoch; later, the best epoch
   *     so far is the result
   */
  public TrainingResult run(
      Checkpoint start, Checkpoints checkpoints, TrainingListener listener, BooleanSupplier stop) {
    listener.started(counts);
    listener.resumed(start.epochs());
    EarlyStopping earlyStopping = new EarlyStopping(config.patience());
    boolean over = false;
    for (EpochResult epoch : start.epochs()) {
      over = earlyStopping.isOver(epoch.validation().accuracy());
    }
    Checkpoint now = start;
    try (Learner learner = Learner.resume(start.learner(), config.shape(), config.learner())) {
      while (now.epochs().size() < config.epochs() && !over) {
        EpochResult epoch = epoch(learner, now.epochs().size() + 1, listener, stop);
        now = after(now, epoch, learner);
        checkpoints.save(now);
        listener.epoch(epoch);
        over = earlyStopping.isOver(epoch.validation().accuracy());
      }
    } catch (ModelException e) {
      if (now.bestEpoch() == 0) {
        throw new TrainingRefusedException("training diverged: " + e.getMessage(), e);
      }
      log.warn("training diverged after epoch {}: {}", now.epochs().size(), e.getMessage());
    }
    ModelWeights weights = now.best().withMetadata(config.metadata(counts));
    return new TrainingResult(weights, now.bestEpoch(), now.epochs(), counts);
  }

  private static Checkpoint after(Checkpoint before, EpochResult epoch, Learner learner) {
    List<EpochResult> epochs = new ArrayList<>(before.epochs());
    epochs.add(epoch);
    LearnerState state = learner.state();
    return epoch.validation().loss() < before.bestLoss()
        ? new Checkpoint(epochs, epoch.epoch(), state.weights(), state)
        : new Checkpoint(epochs, before.bestEpoch(), before.best(), state);
  }

  private EpochResult epoch(
      Learner learner, int number, TrainingListener listener, BooleanSupplier stop) {
    long start = System.nanoTime();
    // Depends only on the seed and the epoch's number, so that an epoch can be repeated.
    Random random = new Random(config.seed() ^ new SplittableRandom(number).nextLong());
    List<Example> shuffled = new ArrayList<>(training);
    Collections.shuffle(shuffled, random);
    List<List<Example>> batches = batches(shuffled);
    double lossSum = 0;
    int scans = 0;
    int right = 0;
    double learningRate = 0;
    for (int i = 0; i < batches.size(); i++) {
      requireGoingOn(stop);
      List<Example> batch = batches.get(i);
      boolean[] abnormal = Example.labels(batch);
      StepResult step = learner.step(volumes(batch, random), abnormal);
      lossSum += step.loss() * (double) batch.size();
      scans += batch.size();
      right += countRight(step.probabilities(), abnormal);
      learningRate = step.learningRate();
      listener.step(
          new StepProgress(number, config.epochs(), i + 1, batches.size(), lossSum / scans));
    }
    Metrics metrics = validate(learner, stop);
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    return new EpochResult(
        number,
        config.epochs(),
        lossSum / scans,
        (double) right / scans,
        metrics,
        learningRate,
        seconds);
  }

  private Metrics validate(Learner learner, BooleanSupplier stop) {
    float[] probabilities = new float[validation.size()];
    int scored = 0;
    for (List<Example> batch : batches(validation)) {
      requireGoingOn(stop);
      float[] scores = learner.probabilities(batch.stream().map(set::voxels).toList());
      System.arraycopy(scores, 0, probabilities, scored, scores.length);
      scored += scores.length;
    }
    return Metrics.of(probabilities, Example.labels(validation));
  }

  private List<float[]> volumes(List<Example> batch, Random random) {
    List<float[]> volumes = new ArrayList<>();
    for (Example example : batch) {
      float[] voxels = set.voxels(example);
      volumes.add(config.augment() ? augmentation.augment(voxels, random) : voxels);
    }
    return volumes;
  }

  /** The last batch takes the remaining scans, even a single one. */
  private List<List<Example>> batches(List<Example> examples) {
    List<List<Example>> batches = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += config.batchSize()) {
      batches.add(examples.subList(from, Math.min(from + config.batchSize(), examples.size())));
    }
    return batches;
  }

  private static int countRight(float[] probabilities, boolean[] abnormal) {
    int right = 0;
    for (int i = 0; i < abnormal.length; i++) {
      right += Decision.isAbnormal(probabilities[i]) == abnormal[i] ? 1 : 0;
    }
    return right;
  }

  private static void requireGoingOn(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("training was stopped");
    }
  }
}
