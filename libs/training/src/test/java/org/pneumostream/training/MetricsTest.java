package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Against figures made with NumPy and SciPy by src/test/python/golden.py. */
class MetricsTest {
  private static final Offset<Double> TOLERANCE = Offset.offset(1e-9);

  @ParameterizedTest
  @CsvFileSource(
      resources = "/golden/metrics.tsv",
      delimiter = '\t',
      numLinesToSkip = 1,
      maxCharsPerColumn = 10_000)
  void agreesWithSciPy(
      String probabilities,
      String abnormal,
      double loss,
      double accuracy,
      double auroc,
      double sensitivity,
      double specificity) {
    String[] truths = abnormal.split(" ");
    boolean[] labels = new boolean[truths.length];
    float[] scores = new float[truths.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = truths[i].equals("1");
      scores[i] = Float.parseFloat(probabilities.split(" ")[i]);
    }

    Metrics metrics = Metrics.of(scores, labels);

    assertThat(metrics.scans()).isEqualTo(labels.length);
    assertSame(metrics.loss(), loss);
    assertSame(metrics.accuracy(), accuracy);
    assertSame(metrics.auroc(), auroc);
    assertSame(metrics.sensitivity(), sensitivity);
    assertSame(metrics.specificity(), specificity);
  }

  @Test
  void refusesScoresWithoutLabels() {
    assertThatThrownBy(() -> Metrics.of(new float[] {0.5f}, new boolean[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 probabilities for 0 labels, expected one for each and at least one");
  }

  private static void assertSame(double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      assertThat(actual).isCloseTo(expected, TOLERANCE);
    }
  }
}
