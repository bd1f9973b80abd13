package org.pneumostream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pneumostream.audit.ScanAudit.Repeated;

class ScanLedgerTest {
  private final ScanLedger ledger = new ScanLedger();

  @Test
  void everyScanIsCountedOnce() {
    ledger.pushed("predicted");
    ledger.predicted("predicted", "lung 1", at(1));
    ledger.pushed("failed");
    ledger.deadLettered("failed");
    ledger.pushed("gone");
    ledger.erased("gone", at(1));

    assertThat(ledger.audit()).isEqualTo(new ScanAudit(3, 1, 1, 1, List.of(), List.of()));
    assertThat(ledger.audit().isBalanced()).isTrue();
  }

  @Test
  void aScanWithoutAnyAnswerIsMissing() {
    ledger.pushed("b");
    ledger.pushed("a");

    assertThat(ledger.audit()).isEqualTo(new ScanAudit(2, 0, 0, 0, List.of("a", "b"), List.of()));
    assertThat(ledger.audit().isBalanced()).isFalse();
  }

  @Test
  void twoPredictionsByOneModelAreOneTooMany() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1", at(1));
    ledger.predicted("a", "lung 1", at(2));
    ledger.predicted("a", "lung 1", at(3));

    assertThat(ledger.audit().repeated()).containsExactly(new Repeated("a", "lung 1"));
    assertThat(ledger.audit().predicted()).isEqualTo(1);
    assertThat(ledger.audit().isBalanced()).isFalse();
  }

  @Test
  void aScanPushedAgainAndPredictedByTheNextModelIsNoneTooMany() {
    ledger.pushed("a");
    ledger.pushed("a");
    ledger.predicted("a", "lung 1", at(1));
    ledger.predicted("a", "lung 2", at(2));

    assertThat(ledger.audit()).isEqualTo(new ScanAudit(1, 1, 0, 0, List.of(), List.of()));
  }

  @Test
  void aDeadLetterThatWaitsCountsBeforeAnOlderPrediction() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1", at(1));
    ledger.deadLettered("a");

    assertThat(ledger.audit()).isEqualTo(new ScanAudit(1, 0, 1, 0, List.of(), List.of()));
  }

  @Test
  void anExpiredScanIsNotMissedButMustNotBePredictedTwice() {
    ledger.predicted("a", "lung 1", at(1));
    ledger.predicted("b", "lung 1", at(1));
    ledger.predicted("b", "lung 1", at(2));

    assertThat(ledger.audit())
        .isEqualTo(new ScanAudit(0, 0, 0, 0, List.of(), List.of(new Repeated("b", "lung 1"))));
  }

  @Test
  void aScanPushedAgainAfterItWasErasedNeedsAPredictionOfItsOwn() {
    ledger.pushed("a");
    ledger.predicted("a", "lung 1", at(1));
    ledger.erased("a", at(2));
    ledger.pushed("a");
    assertThat(ledger.audit().missing()).containsExactly("a");

    ledger.predicted("a", "lung 1", at(3));
    assertThat(ledger.audit()).isEqualTo(new ScanAudit(1, 1, 0, 0, List.of(), List.of()));
  }

  @Test
  void aPredictionThatCameAfterTheErasureDoesNotBringTheScanBack() {
    ledger.pushed("a");
    ledger.erased("a", at(2));
    ledger.predicted("a", "lung 1", at(3));

    assertThat(ledger.audit()).isEqualTo(new ScanAudit(1, 0, 0, 1, List.of(), List.of()));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }
}
