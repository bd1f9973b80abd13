package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStoppingTest {

  /** The second row is the reference's published run: best in epoch 13, stopped after epoch 28. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1  | 0.5 0.5                                                                | 2
          15 | 0.5 0.5 0.5 0.5 0.5667 0.6667 0.5667 0.6667 0.6 0.65 0.7 0.7167 0.7833 0.7167 0.6167 0.7167 0.5667 0.6667 0.5833 0.7167 0.7167 0.5667 0.5167 0.7167 0.6333 0.65 0.5 0.65 | 28
          2  | 0.5 0.4 0.6 0.6 0.7 0.7 0.6                                            | 7
          2  | 0.5 0.6 0.7 0.7                                                        | -1
          0  | 0.9 0.1 0.1 0.1 0.1                                                    | -1
          """)
  void endsWhenAccuracyHasNotRisenForPatienceEpochs(
      int patience, String accuracies, int overWithEpoch) {
    EarlyStopping stopping = new EarlyStopping(patience);
    double[] values =
        Arrays.stream(accuracies.split(" ")).mapToDouble(Double::parseDouble).toArray();

    int over = -1;
    for (int epoch = 1; epoch <= values.length && over < 0; epoch++) {
      over = stopping.isOver(values[epoch - 1]) ? epoch : -1;
    }

    assertThat(over).isEqualTo(overWithEpoch);
  }
}
