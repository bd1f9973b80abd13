package org.pneumostream.phantom;

/** The simplest classifier, by gradient descent on standardized features with a small penalty. */
final class LogisticRegression {

  private static final int STEPS = 2000;
  private static final double RATE = 0.5;
  private static final double PENALTY = 1e-3;

  private final double[] mean;
  private final double[] deviation;
  private final double[] weights;
  private double bias;

  private LogisticRegression(int features) {
    mean = new double[features];
    deviation = new double[features];
    weights = new double[features];
  }

  static LogisticRegression fit(double[][] examples, boolean[] labels) {
    LogisticRegression model = new LogisticRegression(examples[0].length);
    model.standardize(examples);
    for (int step = 0; step < STEPS; step++) {
      model.descend(examples, labels);
    }
    return model;
  }

  boolean predict(double[] example) {
    return score(example) > 0;
  }

  double accuracy(double[][] examples, boolean[] labels) {
    int right = 0;
    for (int i = 0; i < examples.length; i++) {
      right += predict(examples[i]) == labels[i] ? 1 : 0;
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
      deviation[f] = Math.sqrt(Math.max(variance, 1e-12));
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
