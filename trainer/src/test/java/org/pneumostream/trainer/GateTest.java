package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AUROC    | 0.81 | 0.80 | true  | auroc 0.8100 beats the champion's 0.8000 on the same 60 validation scans
          AUROC    | 0.80 | 0.80 | false | auroc 0.8000 only equals the champion's 0.8000 on the same 60 validation scans
          AUROC    | 0.79 | 0.80 | false | auroc 0.7900 does not beat the champion's 0.8000 on the same 60 validation scans
          LOSS     | 0.40 | 0.50 | true  | loss 0.4000 beats the champion's 0.5000 on the same 60 validation scans
          LOSS     | 0.50 | 0.50 | false | loss 0.5000 only equals the champion's 0.5000 on the same 60 validation scans
          LOSS     | 0.60 | 0.50 | false | loss 0.6000 does not beat the champion's 0.5000 on the same 60 validation scans
          ACCURACY | 0.90 | 0.85 | true  | accuracy 0.9000 beats the champion's 0.8500 on the same 60 validation scans
          ACCURACY | 0.85 | 0.90 | false | accuracy 0.8500 does not beat the champion's 0.9000 on the same 60 validation scans
          AUROC    | NaN  | NaN  | false | auroc is undefined, since the 60 validation scans are all of one class; the champion stays
          """)
  void promotesOnlyWhatIsBetter(
      GateMetric metric, double candidate, double champion, boolean promoted, String reason) {
    assertThat(new Gate(metric).decide(only(metric, candidate), only(metric, champion)))
        .isEqualTo(new Gate.Decision(promoted, reason));
  }

  @Test
  void promotesTheFirstOfAll() {
    assertThat(new Gate(GateMetric.AUROC).withoutChampion())
        .isEqualTo(new Gate.Decision(true, "there was no champion"));
  }

  @Test
  void promotesOverAChampionThatCannotBeScored() {
    assertThat(new Gate(GateMetric.AUROC).withUnfitChampion("it takes 48x48x48"))
        .isEqualTo(
            new Gate.Decision(
                true, "the champion cannot be scored on these scans: it takes 48x48x48"));
  }

  /** Every other figure would decide the other way. */
  private static Metrics only(GateMetric metric, double value) {
    return new Metrics(
        60,
        value,
        metric == GateMetric.ACCURACY ? value : -value,
        metric == GateMetric.AUROC ? value : -value,
        -value,
        -value);
  }
}
