package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;

/**
 * Count, mean and variance of each channel, accumulated over slabs of values.
 *
 * <p>Slabs are small enough for single precision. They are combined in double precision, by Chan,
 * Golub and LeVeque 1983, "Algorithms for Computing the Sample Variance".
 */
final class ChannelMoments {

  private final double[] mean;

  /** Sum of squared distances from the mean. */
  private final double[] squares;

  private long count;

  ChannelMoments(int channels) {
    this.mean = new double[channels];
    this.squares = new double[channels];
  }

  /** Adds values (N, channels, …), channels fastest in memory. */
  void add(NDArray slab) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray rows = slab.transpose(0, 2, 3, 4, 1).reshape(-1, mean.length);
      NDArray means = rows.mean(new int[] {0});
      NDArray sums = rows.sub(means).square().sum(new int[] {0});
      add(rows.getShape().get(0), means.toFloatArray(), sums.toFloatArray());
    }
  }

  private void add(long added, float[] means, float[] sums) {
    long total = count + added;
    for (int c = 0; c < mean.length; c++) {
      double distance = means[c] - mean[c];
      mean[c] += distance * added / total;
      squares[c] += sums[c] + distance * distance * count * added / total;
    }
    count = total;
  }

  /** Number of values per channel. */
  long count() {
    return count;
  }

  float[] mean() {
    return divided(mean, 1);
  }

  /** Mean of the squared distances from the mean. */
  float[] biasedVariance() {
    return divided(squares, count);
  }

  private static float[] divided(double[] values, long divisor) {
    float[] quotients = new float[values.length];
    for (int c = 0; c < values.length; c++) {
      quotients[c] = (float) (values[c] / divisor);
    }
    return quotients;
  }
}
