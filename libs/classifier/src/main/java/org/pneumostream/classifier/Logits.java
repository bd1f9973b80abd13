package org.pneumostream.classifier;

/**
 * Binary cross-entropy on logits, in plain Java and double precision, since there are few values.
 */
final class Logits {

  private Logits() {}

  /** 1 / (1 + e^−z) of each. */
  static float[] probabilities(float[] logits) {
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) sigmoid(logits[i]);
    }
    return probabilities;
  }

  /** Mean over the batch of log(1 + e^z) − y·z, in the form that cannot overflow. */
  static float loss(float[] logits, boolean[] positive) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double z = logits[i];
      sum += Math.max(z, 0) - (positive[i] ? z : 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
    return (float) (sum / logits.length);
  }

  /** Derivative of {@link #loss} by each logit: (sigmoid(z) − y) / N. */
  static float[] gradient(float[] logits, boolean[] positive) {
    float[] gradient = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      gradient[i] = (float) ((sigmoid(logits[i]) - (positive[i] ? 1 : 0)) / logits.length);
    }
    return gradient;
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
