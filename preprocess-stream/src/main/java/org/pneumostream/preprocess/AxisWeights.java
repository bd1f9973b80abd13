package org.pneumostream.preprocess;

import java.util.Arrays;

/**
 * How the voxels along one stored axis add up to the voxels along one axis of the output: a sparse
 * matrix, one row an output position.
 *
 * <p>The in-plane turn and the resizing both treat every axis by itself, so that three of these are
 * the whole geometry of the preprocessing.
 */
final class AxisWeights {

  private final int stored;
  private final int[] first;
  private final double[][] weights;

  private AxisWeights(int stored, int[] first, double[][] weights) {
    this.stored = stored;
    this.first = first;
    this.weights = weights;
  }

  /**
   * The weights of {@code scipy.ndimage.zoom(order=1)} along the given path.
   *
   * @param path where the samples of the rotated axis lie on the stored one
   * @param outputs number of output positions; position o reads sample o·(samples−1)/(outputs−1)
   */
  static AxisWeights of(AxisPath path, int outputs) {
    int last = path.samples() - 1;
    // The same two operations in the same order as SciPy: where rounding takes the last position
    // past the last sample, SciPy reads the background there (28 samples to 48, for one), and so do
    // we. No size below 1200 does so at 128 or 64 outputs.
    double step = outputs == 1 ? 1 : (double) last / (outputs - 1);
    int[] first = new int[outputs];
    double[][] weights = new double[outputs][];
    for (int o = 0; o < outputs; o++) {
      double[] row = new double[path.stored()];
      double position = o * step;
      if (position <= last) {
        int below = (int) position;
        path.addSample(below, 1 - (position - below), row);
        if (position > below) {
          path.addSample(below + 1, position - below, row);
        }
      }
      first[o] = firstNonZero(row);
      weights[o] = Arrays.copyOfRange(row, first[o], endOfNonZero(row, first[o]));
    }
    return new AxisWeights(path.stored(), first, weights);
  }

  /** Number of stored positions. */
  int stored() {
    return stored;
  }

  /** Number of output positions. */
  int outputs() {
    return first.length;
  }

  /** Every output position of one line of stored values. */
  void gather(float[] line, double[] target) {
    for (int o = 0; o < first.length; o++) {
      double[] row = weights[o];
      int start = first[o];
      double sum = 0;
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * line[start + i];
      }
      target[o] = sum;
    }
  }

  /** For each stored position, the output positions that it adds to. */
  Contribution[][] contributions() {
    Contribution[][] byStored = new Contribution[stored][];
    Arrays.fill(byStored, new Contribution[0]);
    for (int o = 0; o < first.length; o++) {
      for (int i = 0; i < weights[o].length; i++) {
        if (weights[o][i] != 0) {
          int s = first[o] + i;
          byStored[s] = Arrays.copyOf(byStored[s], byStored[s].length + 1);
          byStored[s][byStored[s].length - 1] = new Contribution(o, weights[o][i]);
        }
      }
    }
    return byStored;
  }

  /** What one stored position adds to one output position. */
  record Contribution(int output, double weight) {}

  private static int firstNonZero(double[] row) {
    int i = 0;
    while (i < row.length && row[i] == 0) {
      i++;
    }
    return i;
  }

  private static int endOfNonZero(double[] row, int start) {
    int end = row.length;
    while (end > start && row[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
