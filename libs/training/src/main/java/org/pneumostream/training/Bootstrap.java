package org.pneumostream.training;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.pneumostream.schemas.Difference;

/**
 * Confidence interval of a difference between two models on the same scans: the percentile interval
 * of a paired bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
 * Each resample draws as many scans of each class as there are, with replacement, and compares both
 * models on it. The same scores give the same interval.
 */
final class Bootstrap {
  private static final int RESAMPLES = 1000;
  private static final double LEVEL = 0.95;
  private static final long SEED = 1;

  private Bootstrap() {}

  /**
   * The difference candidate minus champion.
   *
   * @param candidate scores of the same examples in the same order as the champion's
   */
  static Difference difference(GateMetric metric, Scores candidate, Scores champion) {
    int[] normal = indices(candidate.examples(), false);
    int[] abnormal = indices(candidate.examples(), true);
    SplittableRandom random = new SplittableRandom(SEED);
    double[] differences = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      int[] drawn = IntStream.concat(draw(normal, random), draw(abnormal, random)).toArray();
      differences[i] =
          metric.of(candidate.at(IntStream.of(drawn)).metrics())
              - metric.of(champion.at(IntStream.of(drawn)).metrics());
    }
    Arrays.sort(differences);
    int tail = (int) Math.round(RESAMPLES * (1 - LEVEL) / 2);
    return new Difference(
        metric.label(),
        metric.of(candidate.metrics()) - metric.of(champion.metrics()),
        differences[tail],
        differences[RESAMPLES - 1 - tail],
        LEVEL);
  }

  private static int[] indices(List<Example> examples, boolean abnormal) {
    return IntStream.range(0, examples.size())
        .filter(i -> examples.get(i).isAbnormal() == abnormal)
        .toArray();
  }

  private static IntStream draw(int[] from, SplittableRandom random) {
    return random.ints(from.length, 0, Math.max(1, from.length)).map(i -> from[i]);
  }
}
