package org.pneumostream.training;

import java.util.Arrays;
import java.util.Comparator;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.volume.Decision;

/**
 * Agreement of probabilities of ABNORMAL with labels.
 *
 * @param scans number of scans
 * @param loss mean binary cross-entropy in nats; probabilities are clipped to 1e-7 from 0 and 1, as
 *     in Keras
 * @param accuracy share of scans on the right side of 0.5; 0.5 itself is ABNORMAL
 * @param auroc area under the receiver operating characteristic: the probability that an abnormal
 *     scan scores higher than a normal one, ties counting half; NaN with one class only
 * @param sensitivity share of abnormal scans found abnormal; NaN without abnormal scans
 * @param specificity share of normal scans found normal; NaN without normal scans
 */
public record Metrics(
    int scans, double loss, double accuracy, double auroc, double sensitivity, double specificity) {
  private static final double EPSILON = 1e-7;

  /**
   * Compares probabilities with labels.
   *
   * @throws IllegalArgumentException if there are none, or their numbers differ
   */
  public static Metrics of(float[] probabilities, boolean[] abnormal) {
    int scans = abnormal.length;
    if (scans == 0 || probabilities.length != scans) {
      throw new IllegalArgumentException(
          "%d probabilities for %d labels, expected one for each and at least one"
              .formatted(probabilities.length, scans));
    }
    double loss = 0;
    int positives = 0;
    int truePositives = 0;
    int trueNegatives = 0;
    for (int i = 0; i < scans; i++) {
      boolean foundAbnormal = Decision.isAbnormal(probabilities[i]);
      double ofTruth = abnormal[i] ? probabilities[i] : 1.0 - probabilities[i];
      loss -= Math.log(Math.min(Math.max(ofTruth, EPSILON), 1 - EPSILON));
      positives += abnormal[i] ? 1 : 0;
      truePositives += abnormal[i] && foundAbnormal ? 1 : 0;
      trueNegatives += !abnormal[i] && !foundAbnormal ? 1 : 0;
    }
    return new Metrics(
        scans,
        loss / scans,
        share(truePositives + trueNegatives, scans),
        auroc(probabilities, abnormal, positives),
        share(truePositives, positives),
        share(trueNegatives, scans - positives));
  }

  /** Converts the metrics to their Avro form. */
  public ModelMetrics toRecord() {
    return new ModelMetrics(scans, loss, accuracy, auroc, sensitivity, specificity);
  }

  /** The Mann-Whitney U statistic over the number of pairs; equal scores share their mean rank. */
  private static double auroc(float[] probabilities, boolean[] abnormal, int positives) {
    Integer[] order = new Integer[probabilities.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> probabilities[i]));
    double rankSum = 0;
    for (int start = 0, end; start < order.length; start = end) {
      end = start;
      int positivesAmongEqual = 0;
      while (end < order.length && probabilities[order[end]] == probabilities[order[start]]) {
        positivesAmongEqual += abnormal[order[end]] ? 1 : 0;
        end++;
      }
      double meanRank = (start + 1 + end) / 2.0;
      rankSum += positivesAmongEqual * meanRank;
    }
    double u = rankSum - positives * (positives + 1.0) / 2;
    return share(u, (double) positives * (probabilities.length - positives));
  }

  private static double share(double part, double whole) {
    return whole == 0 ? Double.NaN : part / whole;
  }
}
