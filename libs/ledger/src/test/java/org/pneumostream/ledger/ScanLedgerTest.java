package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pneumostream.ledger.ScanAudit.ByModel;

class ScanLedgerTest {
  private final ScanLedger ledger = new ScanLedger();

  @Test
  void everyScanIsCountedOnce() {
    ledger.pushed("predicted");
    ledger.predicted("predicted", "lung 1");
    ledger.pushed("failed");
    ledger.deadLettered("failed");
    ledger.pushed("gone");
    ledger.erased("gone");

    assertThat(ledger.audit()).isEqualTo(audit(3, 1, 1, 1, List.of()));
    assertThat(ledger.audit().isBalanced()).isTrue();
  }

  @Test
  void aScanWithoutAnyAnswerIsMissing() {
    ledger.pushed("b");
    ledger.pushed("a");

    assertThat(ledger.audit()).isEqualTo(audit(2, 0, 0, 0, List.of("a", "b")));
    assertThat(ledger.audit().isBalanced()).isFalse();
  }

  @Test
  void reportsTwoPredictionsByOneModel() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.predicted("a", "lung 1");
    ledger.predicted("a", "lung 1");

    assertThat(ledger.audit().repeated()).containsExactly(new ByModel("a", "lung 1"));
    assertThat(ledger.audit().predicted()).isEqualTo(1);
    assertThat(ledger.audit().isBalanced()).isFalse();
  }

  @Test
  void acceptsAPredictionByAnotherModelOfAScanPushedAgain() {
    ledger.pushed("a");
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.predicted("a", "lung 2");

    assertThat(ledger.audit()).isEqualTo(audit(1, 1, 0, 0, List.of()));
  }

  @Test
  void aWaitingDeadLetterOfAScanPushedAgainOutranksAnOlderPrediction() {
    ledger.pushed("a");
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.deadLettered("a");

    assertThat(ledger.audit()).isEqualTo(audit(1, 0, 1, 0, List.of()));
  }

  @Test
  void anExpiredScanIsNotMissingButMayNotBePredictedTwice() {
    ledger.predicted("a", "lung 1");
    ledger.predicted("b", "lung 1");
    ledger.predicted("b", "lung 1");

    assertThat(ledger.audit())
        .isEqualTo(
            new ScanAudit(
                0,
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of(new ByModel("b", "lung 1")),
                List.of(),
                List.of()));
  }

  @Test
  void aScanPushedAgainAfterAnErasureNeedsANewPrediction() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.erased("a");
    ledger.predictionsErased("a");
    ledger.pushed("a");
    assertThat(ledger.audit().missing()).containsExactly("a");

    ledger.predicted("a", "lung 1");
    assertThat(ledger.audit()).isEqualTo(audit(1, 1, 0, 0, List.of()));
  }

  @Test
  void aPredictionAfterTheErasureDoesNotRestoreTheScan() {
    ledger.pushed("a");
    ledger.erased("a");
    ledger.predicted("a", "lung 1");

    assertThat(ledger.audit()).isEqualTo(audit(1, 0, 0, 1, List.of()));
  }

  @Test
  void aScanPushedOnceMayNotHaveBothAPredictionAndADeadLetter() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.deadLettered("a");

    assertThat(ledger.audit().both()).containsExactly("a");
    assertThat(ledger.audit().isBalanced()).isFalse();
  }

  @Test
  void eachAlertNeedsItsPredictionAndComesOnce() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1");
    ledger.alerted("a", "lung 1");
    assertThat(ledger.audit().isBalanced()).isTrue();

    ledger.alerted("a", "lung 1");
    ledger.alerted("a", "lung 2");
    assertThat(ledger.audit().alertedTwice()).containsExactly(new ByModel("a", "lung 1"));
    assertThat(ledger.audit().alertedOnly()).containsExactly(new ByModel("a", "lung 2"));
    assertThat(ledger.audit().isBalanced()).isFalse();

    ledger.alertsErased("a");
    assertThat(ledger.audit().isBalanced()).isTrue();
  }

  @Test
  void anAlertNeedsNoPredictionThatMayHaveExpired() {
    ledger.alerted("a", "lung 1");

    assertThat(ledger.audit().isBalanced()).isTrue();
  }

  private static ScanAudit audit(
      int scans, int predicted, int deadLettered, int erased, List<String> missing) {
    return new ScanAudit(
        scans,
        predicted,
        deadLettered,
        erased,
        missing,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
