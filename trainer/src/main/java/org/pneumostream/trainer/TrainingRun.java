package org.pneumostream.trainer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.pneumostream.classifier.Learner;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.StepResult;

/**
 * Trains the network on a training set, as the reference does: shuffled epochs, batches, random
 * rotation, validation after each epoch, early stopping on validation accuracy, and the weights of
 * the epoch with the lowest validation loss.
 *
 * <p>The same scans, configuration and initial weights give the same weights on the same machine,
 * in whatever order the scans were put into the set.
 */
public final class TrainingRun {
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
   * @param stop asked between any two steps; true ends the run
   * @throws CancellationException if it was stopped
   * @throws TrainingRefusedException if training diverged
   */
  public TrainingResult run(ModelWeights initial, TrainingListener listener, BooleanSupplier stop) {
    listener.started(counts);
    Best best = new Best(initial, 0, Double.POSITIVE_INFINITY);
    List<EpochResult> epochs = new ArrayList<>();
    EarlyStopping earlyStopping = new EarlyStopping(config.patience());
    try (Learner learner = Learner.start(initial, config.shape(), config.learner())) {
      boolean over = false;
      while (epochs.size() < config.epochs() && !over) {
        EpochResult epoch = epoch(learner, epochs.size() + 1, listener, stop);
        epochs.add(epoch);
        listener.epoch(epoch);
        Metrics metrics = epoch.validation();
        if (metrics.loss() < best.loss()) {
          best = new Best(learner.weights(), epoch.epoch(), metrics.loss());
        }
        over = earlyStopping.isOver(metrics.accuracy());
      }
    } catch (ModelException e) {
      throw new TrainingRefusedException("training diverged: " + e.getMessage(), e);
    }
    if (best.epoch() == 0) {
      throw new TrainingRefusedException(
          "training diverged: validation loss is not a number after any epoch");
    }
    return new TrainingResult(best.weights(), best.epoch(), epochs, counts);
  }

  private record Best(ModelWeights weights, int epoch, double loss) {}

  private EpochResult epoch(
      Learner learner, int number, TrainingListener listener, BooleanSupplier stop) {
    long start = System.nanoTime();
    // A function of the seed and the epoch's number alone, so that an epoch can be made again.
    Random random = new Random(config.seed() ^ new SplittableRandom(number).nextLong());
    List<Example> shuffled = new ArrayList<>(training);
    Collections.shuffle(shuffled, random);
    List<List<Example>> batches = trainingBatches(shuffled);
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

  /**
   * A volume left over by itself sits out the epoch: at the smallest shape BatchNorm has no
   * statistics of one volume, and the engine refuses it. The next shuffle leaves out another.
   */
  private List<List<Example>> trainingBatches(List<Example> shuffled) {
    boolean isOneLeftOver = shuffled.size() % config.batchSize() == 1;
    return batches(isOneLeftOver ? shuffled.subList(1, shuffled.size()) : shuffled);
  }

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
      right += Metrics.isAbnormal(probabilities[i]) == abnormal[i] ? 1 : 0;
    }
    return right;
  }

  private static void requireGoingOn(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new CancellationException("training was stopped");
    }
  }
}
