package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pneumostream.ledger.TrackedDeadLetter.State;

/** What a letter waits for, and what settles it. */
class DeadLetterLedgerTest extends DeadLetterLedgerFixture {
  @Test
  void aLetterWaitsUntilAPredictionRetriesIt() {
    fails(0, "scans", "a", 7);
    assertLetters(tuple(0L, 1, State.WAITING));

    predicted("a", letters(0));
    assertLetters(tuple(0L, 1, State.SETTLED));
  }

  @Test
  void aScanPushedAgainSettlesTheLetterOfTheFailedScan() {
    fails(0, "scans", "a", 7);
    predicted("a", scans(7));

    assertLetters(tuple(0L, 1, State.SETTLED));
  }

  @Test
  void earlierOutcomesAndOtherKeysAndStagesSettleNothing() {
    fails(3, "scans", "a", 7);
    predicted("a", NONE);
    predicted("a", letters(2));
    predicted("a", scans(6));
    predicted("b", letters(3));
    fails(4, "scorer", "volumes", "b", 3, letters(3));
    lies("volumes", "a", 9);
    lies("labels", "a", 9);

    assertLetters(tuple(3L, 1, State.WAITING), tuple(4L, 1, State.WAITING));
  }

  @Test
  void aLaterRecordOfTheKeyIsInFlightUntilItFailsOrSucceeds() {
    fails(0, "volumes", "a", 7);
    lies("volumes", "a", 7);
    lies("volumes", "a", 8);
    assertLetters(tuple(0L, 1, State.UNDERWAY));

    fails(1, "scorer", "volumes", "a", 8, letters(0));
    assertLetters(tuple(0L, 2, State.WAITING));

    lies("volumes", "a", 9);
    assertLetters(tuple(0L, 2, State.UNDERWAY));

    predicted("a", letters(1));
    assertLetters(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void aScanIsProcessedWhenTheScorerFailsOnItsVolume() {
    fails(0, "scans", "a", 7);
    fails(1, "scorer", "volumes", "a", 3, letters(0));

    assertLetters(tuple(0L, 1, State.SETTLED), tuple(1L, 1, State.WAITING));
  }

  /** The failed volume's scan was pushed again, and its new volume does not exist yet. */
  @Test
  void aPredictionOfTheEarlierVolumeSettlesNothing() {
    fails(0, "volumes", "a", 7, 5);
    predicted("a", NONE);
    assertLetters(tuple(0L, 1, State.WAITING));

    predicted("a", scans(5));
    assertLetters(tuple(0L, 1, State.SETTLED));
  }

  @Test
  void returnsTheOffsetsToReadForOpenLetters() {
    fails(0, "scans", "a", 3);
    fails(1, "volumes", "b", 4);
    fails(2, "scans", "c", 8);
    fails(3, "scans", "d", 9);
    predicted("a", letters(0));

    assertThat(ledger().openFrom(topics.scans().name())).isEqualTo(Map.of(0, 9L));
    assertThat(ledger().openFrom(topics.volumes().name())).isEqualTo(Map.of(0, 5L));
    assertThat(ledger().openFrom(topics.labels().name())).isEmpty();
  }

  @Test
  void aTableRecordIsProcessedIfALaterOneDidNotFail() {
    fails(0, "labels", "a", 7);
    lies("labels", "a", 8);
    fails(1, "labels", "a", 8);
    assertLetters(tuple(0L, 2, State.WAITING));

    lies("labels", "a", 9);
    assertLetters(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void anErasureClosesLettersButLaterFailuresWait() {
    fails(0, "scans", "a", 7);
    predicted("a", letters(0));
    erased("a", 1);
    assertLetters(tuple(0L, 1, State.ERASED));

    lies("scans", "a", 9);
    fails(2, "scans", "a", 9);
    assertLetters(tuple(0L, 1, State.ERASED), tuple(2L, 1, State.WAITING));
  }

  @Test
  void anotherModelsPredictionDoesNotSettleALetter() {
    fails(0, "volumes", "a", 7, "pneumonia");
    fails(1, "volumes", "a", 7, "tuberculosis");
    seen.add(ledger -> ledger.predicted("a", "tuberculosis", letters(0, 1)));

    assertLetters(tuple(0L, 1, State.WAITING), tuple(1L, 1, State.SETTLED));
  }

  @Test
  void aTombstoneOnDeadLettersEndsEarlierLetters() {
    fails(3, "volumes", "a", 7);
    fails(4, "labels", "b", 7);
    erased("a", 2);
    erased("b", 5);

    assertLetters(tuple(3L, 1, State.WAITING), tuple(4L, 1, State.ERASED));
  }
}
