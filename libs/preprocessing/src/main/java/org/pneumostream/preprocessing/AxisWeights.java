package org.pneumostream.preprocessing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The weights by which voxels along one stored axis contribute to voxels along one output axis: a
 * sparse matrix with one row per output position. Each row is one run of weights.
 *
 * <p>Rotation and resizing treat every axis separately, so that three of these describe the whole
 * geometry of the preprocessing.
 */
final class AxisWeights {

  private final int stored;
  private final int[] first;
  private final int run;
  private final double[] weights;

  private AxisWeights(int stored, int[] first, int run, double[] weights) {
    this.stored = stored;
    this.first = first;
    this.run = run;
    this.weights = weights;
  }

  /**
   * The weights of {@code scipy.ndimage.zoom(order=1)} along the given path.
   *
   * @param path maps samples of the rotated axis to the stored one
   * @param outputs number of output positions; position o reads sample o·(samples−1)/(outputs−1)
   */
  static AxisWeights of(AxisPath path, int outputs) {
    double[][] rows = new double[outputs][path.stored()];
    int run = 1;
    for (int o = 0; o < outputs; o++) {
      addOutput(path, o, outputs, rows[o]);
      run = Math.max(run, endOfRun(rows[o]) - startOfRun(rows[o]));
    }
    int[] first = new int[outputs];
    double[] weights = new double[outputs * run];
    for (int o = 0; o < outputs; o++) {
      first[o] = Math.min(startOfRun(rows[o]), path.stored() - run);
      System.arraycopy(rows[o], first[o], weights, o * run, run);
    }
    return new AxisWeights(path.stored(), first, run, weights);
  }

  private static void addOutput(AxisPath path, int o, int outputs, double[] row) {
    int last = path.samples() - 1;
    // The same two operations in the same order as SciPy. Where rounding moves the last position
    // past the last sample, SciPy reads the background there (for example 28 samples to 48), and so
    // do we. This happens for no size up to 1200 at 128 or 64 outputs.
    double step = outputs == 1 ? 1 : (double) last / (outputs - 1);
    double position = o * step;
    if (position > last) {
      return;
    }
    int below = (int) position;
    path.addSample(below, 1 - (position - below), row);
    if (position > below) {
      path.addSample(below + 1, position - below, row);
    }
  }

  /** Number of stored positions. */
  int stored() {
    return stored;
  }

  /** Number of output positions. */
  int outputs() {
    return first.length;
  }

  /**
   * Multiplies one line of stored values by the weights.
   *
   * @param line one value per stored position
   * @param target one sum per output position
   */
  void apply(float[] line, double[] target) {
    if (run == 2) {
      // The hot loop: nearly every scan runs it once per row.
      for (int o = 0; o < first.length; o++) {
        int s = first[o];
        target[o] = weights[2 * o] * line[s] + weights[2 * o + 1] * line[s + 1];
      }
      return;
    }
    for (int o = 0; o < first.length; o++) {
      double sum = 0;
      for (int i = 0; i < run; i++) {
        sum += weights[o * run + i] * line[first[o] + i];
      }
      target[o] = sum;
    }
  }

  /** For each stored position, the output positions that it contributes to. */
  List<List<Contribution>> contributions() {
    List<List<Contribution>> byStored =
        Stream.<List<Contribution>>generate(ArrayList::new).limit(stored).toList();
    for (int o = 0; o < first.length; o++) {
      for (int i = 0; i < run; i++) {
        double weight = weights[o * run + i];
        if (weight != 0) {
          byStored.get(first[o] + i).add(new Contribution(o, weight));
        }
      }
    }
    return byStored;
  }

  /** The weight of one stored position in one output position. */
  record Contribution(int output, double weight) {}

  private static int startOfRun(double[] row) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] != 0) {
        return i;
      }
    }
    return 0;
  }

  private static int endOfRun(double[] row) {
    int end = row.length;
    while (end > 0 && row[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
