package org.pneumostream.classifier;

/**
 * How a network is trained. The learning rate at step t (from 0) is {@code learningRate ·
 * decayRate^⌊t / decaySteps⌋}.
 *
 * @param learningRate Adam's initial step size, above 0; the reference's is 1e-4
 * @param decaySteps optimizer steps between two drops of the learning rate, at least 1; the
 *     reference's is 100,000
 * @param decayRate factor of each drop, in (0, 1]; the reference's is 0.96
 * @param dropout share of hidden values dropped in training, in [0, 1); the reference's is 0.3
 * @param batchNormMomentum weight of the old running statistics, in [0, 1); Keras' default is 0.99
 * @param seed of the dropout masks
 */
public record LearnerSettings(
    double learningRate,
    int decaySteps,
    double decayRate,
    double dropout,
    double batchNormMomentum,
    long seed) {

  public LearnerSettings {
    require("learning-rate", "over 0", learningRate, learningRate > 0);
    require("decay-steps", "at least 1", decaySteps, decaySteps >= 1);
    require("decay-rate", "over 0 and at most 1", decayRate, decayRate > 0 && decayRate <= 1);
    require("dropout", "at least 0 and below 1", dropout, dropout >= 0 && dropout < 1);
    require(
        "batch-norm-momentum",
        "at least 0 and below 1",
        batchNormMomentum,
        batchNormMomentum >= 0 && batchNormMomentum < 1);
  }

  /** The reference's values. */
  public static LearnerSettings reference(long seed) {
    return new LearnerSettings(1e-4, 100_000, 0.96, 0.3, 0.99, seed);
  }

  /** Learning rate of step {@code step}, counted from 0. */
  public double learningRateAt(long step) {
    return learningRate * Math.pow(decayRate, step / decaySteps);
  }

  private static void require(String name, String expected, double value, boolean holds) {
    if (!holds || !Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be " + expected + " but is " + value);
    }
  }
}
