package org.pneumostream.training;

/**
 * Logistic regression: gradient descent from zero on standardized features with an L2 penalty, a
 * fixed number of steps. The same examples give the same model.
 */
public final class LogisticRegression {
  private static final int STEPS = 2000;
  private static final double RATE = 0.5;
  private static final double PENALTY = 1e-3;

  /** Avoids a division by zero for a feature that is equal in all examples. */
  private static final double LEAST_VARIANCE = 1e-12;

  private final double[] mean;
  private final double[] deviation;
  private final double[] weights;
  private double bias;

  private LogisticRegression(int features) {
    mean = new double[features];
    deviation = new double[features];
    weights = new double[features];
  }

  /**
   * Trains.
   *
   * @param examples at least one; the same number of features each
   * @param labels one for each example
   */
  public static LogisticRegression fit(double[][] examples, boolean[] labels) {
    LogisticRegression model = new LogisticRegression(examples[0].length);
    model.standardize(examples);
    for (int step = 0; step < STEPS; step++) {
      model.descend(examples, labels);
    }
    return model;
  }

  /** Share of examples that it labels correctly; NaN if there are none. */
  public double accuracy(double[][] examples, boolean[] labels) {
    int right = 0;
    for (int i = 0; i < examples.length; i++) {
      right += score(examples[i]) > 0 == labels[i] ? 1 : 0;
    }
    return (double) right / examples.length;
  }

  private void standardize(double[][] examples) {
    for (int f = 0; f < mean.length; f++) {
      double sum = 0;
      double squares = 0;
      for (double[] example : examples) {
        sum += example[f];
        squares += example[f] * example[f];
      }
      mean[f] = sum / examples.length;
      double variance = squares / examples.length - mean[f] * mean[f];
      deviation[f] = Math.sqrt(Math.max(variance, LEAST_VARIANCE));
    }
  }

  private void descend(double[][] examples, boolean[] labels) {
    double[] gradient = new double[weights.length];
    double biasGradient = 0;
    for (int i = 0; i < examples.length; i++) {
      double error = 1 / (1 + Math.exp(-score(examples[i]))) - (labels[i] ? 1 : 0);
      biasGradient += error;
      for (int f = 0; f < gradient.length; f++) {
        gradient[f] += error * (examples[i][f] - mean[f]) / deviation[f];
      }
    }
    bias -= RATE * biasGradient / examples.length;
    for (int f = 0; f < gradient.length; f++) {
      weights[f] -= RATE * (gradient[f] / examples.length + PENALTY * weights[f]);
    }
  }

  private double score(double[] example) {
    double score = bias;
    for (int f = 0; f < weights.length; f++) {
      score += weights[f] * (example[f] - mean[f]) / deviation[f];
    }
    return score;
  }
}
