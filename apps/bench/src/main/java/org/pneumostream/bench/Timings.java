package org.pneumostream.bench;

import java.util.Arrays;

/**
 * Durations of several runs of one piece of work.
 *
 * @param millis one per run, in ms
 */
public record Timings(double[] millis) {

  /** A piece of work to be timed. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /** The median. */
  public double median() {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The shortest duration. */
  public double min() {
    return Arrays.stream(millis).min().orElseThrow();
  }

  /**
   * The percentile of the durations, by the nearest-rank method.
   *
   * @param percent above 0, up to 100 for the longest duration
   */
  public double percentile(int percent) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
  }

  public int runs() {
    return millis.length;
  }

  /**
   * Times pieces of work in turn, so that other load affects all alike. Rounds before the last
   * {@code runs} warm up.
   */
  public static Timings[] inTurn(int warmUp, int runs, Work... works) throws Exception {
    double[][] millis = new double[works.length][runs];
    for (int round = -warmUp; round < runs; round++) {
      for (int i = 0; i < works.length; i++) {
        long start = System.nanoTime();
        works[i].run();
        if (round >= 0) {
          millis[i][round] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    return Arrays.stream(millis).map(Timings::new).toArray(Timings[]::new);
  }
}
