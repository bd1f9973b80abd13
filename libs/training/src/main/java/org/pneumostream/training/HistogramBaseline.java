package org.pneumostream.training;

import java.util.List;

/**
 * A baseline that ignores where things are: a logistic regression on mean, standard deviation and
 * histogram of each volume. A network must do better to show that it uses structure.
 */
public final class HistogramBaseline {
  /** Bins over [0, 1]; 70 HU each in the window [-1000, 400]. */
  private static final int BINS = 20;

  private final LogisticRegression regression;

  private HistogramBaseline(LogisticRegression regression) {
    this.regression = regression;
  }

  /**
   * Fits the baseline.
   *
   * @param training at least one scan
   */
  public static HistogramBaseline fit(TrainingSet set, List<Example> training) {
    return new HistogramBaseline(LogisticRegression.fit(features(set, training), labels(training)));
  }

  /** Share of held-out scans that it labels correctly, 0 to 1; NaN if nothing is held out. */
  public double accuracy(TrainingSet set, List<Example> heldOut) {
    return regression.accuracy(features(set, heldOut), labels(heldOut));
  }

  /**
   * Mean, standard deviation, and the share of voxels in each bin of the histogram.
   *
   * @param values of a volume's voxels, 0 to 1
   */
  public static double[] features(float[] values) {
    double sum = 0;
    double squares = 0;
    int[] counts = new int[BINS];
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      counts[Math.min(BINS - 1, (int) (BINS * value))]++;
    }
    double mean = sum / values.length;
    double[] features = new double[2 + BINS];
    features[0] = mean;
    features[1] = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    for (int bin = 0; bin < BINS; bin++) {
      features[2 + bin] = (double) counts[bin] / values.length;
    }
    return features;
  }

  private static double[][] features(TrainingSet set, List<Example> examples) {
    return examples.stream().map(example -> features(set.voxels(example))).toArray(double[][]::new);
  }

  private static boolean[] labels(List<Example> examples) {
    boolean[] abnormal = new boolean[examples.size()];
    for (int i = 0; i < abnormal.length; i++) {
      abnormal[i] = examples.get(i).isAbnormal();
    }
    return abnormal;
  }
}
