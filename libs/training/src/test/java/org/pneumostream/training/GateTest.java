package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.Difference;

class GateTest {
  private static final Gate GATE = new Gate(GateMetric.AUROC, false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.81 | 0.80 | true  | auroc 0.8100 beats the champion's 0.8000 on the same 20 validation scans
          0.80 | 0.80 | false | auroc 0.8000 only equals the champion's 0.8000 on the same 20 validation scans
          0.79 | 0.80 | false | auroc 0.7900 does not beat the champion's 0.8000 on the same 20 validation scans
          """)
  void promotesOnlyAHigherAuroc(
      double candidate, double champion, boolean promoted, String reason) {
    Gate.Decision decision =
        GATE.decide(TestScores.withAuroc(candidate), TestScores.withAuroc(champion));

    assertThat(decision.promoted()).isEqualTo(promoted);
    assertThat(decision.reason()).startsWith(reason + " (difference ");
  }

  /**
   * The better one is closer to the truth for the loss, or on the right side of 0.5 for accuracy.
   */
  @ParameterizedTest
  @CsvSource({
    "LOSS, 0.7, 0.6, true",
    "LOSS, 0.6, 0.6, false",
    "LOSS, 0.6, 0.7, false",
    "ACCURACY, 0.9, 0.1, true",
    "ACCURACY, 0.9, 0.8, false",
    "ACCURACY, 0.1, 0.9, false",
  })
  void promotesOnlyABetterCandidate(
      GateMetric metric, double candidate, double champion, boolean promoted) {
    Gate gate = new Gate(metric, false);

    assertThat(
            gate.decide(TestScores.withCertainty(candidate), TestScores.withCertainty(champion))
                .promoted())
        .isEqualTo(promoted);
  }

  @Test
  void reasonStatesTheDifferenceWithItsInterval() {
    Scores candidate = TestScores.withAuroc(0.9);
    Scores champion = TestScores.withAuroc(0.6);

    Difference difference = GATE.decide(candidate, champion).difference().orElseThrow();

    assertThat(difference.getMetric()).isEqualTo("auroc");
    assertThat(difference.getValue()).isCloseTo(0.3, within(1e-6));
    assertThat(difference.getLow()).isBetween(-0.2, 0.25);
    assertThat(difference.getHigh()).isBetween(0.35, 0.8);
    assertThat(GATE.decide(candidate, champion).difference()).contains(difference);
  }

  @Test
  void mayRequireSignificance() {
    Gate certain = new Gate(GateMetric.AUROC, true);

    Gate.Decision slightly = certain.decide(TestScores.withAuroc(0.81), TestScores.withAuroc(0.80));
    Gate.Decision clearly = certain.decide(TestScores.withAuroc(1), TestScores.withAuroc(0.2));

    assertThat(slightly.promoted()).isFalse();
    assertThat(slightly.reason()).endsWith(", but the difference is not significant");
    assertThat(clearly.promoted()).isTrue();
  }

  @Test
  void championStaysIfTheScansCannotDecide() {
    Scores all = TestScores.withAuroc(0.9);
    Scores normal = all.at(IntStream.range(0, TestScores.OF_EACH_CLASS));

    assertThat(GATE.decide(normal, normal))
        .isEqualTo(
            new Gate.Decision(
                false,
                "auroc is undefined, since the 10 validation scans are all of one class;"
                    + " the champion stays"));
    assertThat(GATE.decide(all.of(example -> false), all.of(example -> false)))
        .isEqualTo(
            new Gate.Decision(
                false,
                "no validation scan is new to both candidate and champion; the champion stays"));
  }

  @Test
  void promotesTheFirstVersion() {
    assertThat(GATE.withoutChampion()).isEqualTo(new Gate.Decision(true, "there was no champion"));
  }

  @Test
  void promotesOverAChampionThatCannotBeScoredIfTheCandidateWas() {
    Scores scores = TestScores.withAuroc(0.6);

    assertThat(GATE.withUnfitChampion("it takes 48x48x48", scores))
        .isEqualTo(
            new Gate.Decision(
                true, "the champion cannot be scored on these scans: it takes 48x48x48"));
    assertThat(GATE.withUnfitChampion("it takes 48x48x48", scores.of(scan -> false)).promoted())
        .isFalse();
  }
}
