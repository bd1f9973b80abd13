package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.pneumostream.ledger.TrackedDeadLetter.State;

/** Which failed attempts are one letter. */
class DeadLetterAttemptsTest extends DeadLetterLedgerFixture {
  /**
   * Both were pushed before the first failed, so the second does not settle the first one's letter.
   */
  @Test
  void unsettledFailuresAreOneLetter() {
    fails(0, "volumes", "a", 7);
    fails(1, "volumes", "a", 8);
    assertLetters(tuple(0L, 2, State.WAITING));

    predicted("a", letters(1));
    assertLetters(tuple(0L, 2, State.SETTLED));
  }

  /** A scan's volume was retried and failed again; both attempts concern that scan. */
  @Test
  void retriesAndARepushOfTheScanBelongToOneLetter() {
    fails(0, "volumes", "a", 7, 5);
    fails(1, "volumes", "a", 8, 5, letters(0));
    predicted("a", scans(5));

    assertLetters(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void aFailureAfterSettlingIsANewLetter() {
    fails(0, "volumes", "a", 7);
    lies("volumes", "a", 8);
    predicted("a", letters(0));
    lies("volumes", "a", 9);
    fails(1, "volumes", "a", 9);

    assertLetters(tuple(0L, 1, State.SETTLED), tuple(1L, 1, State.WAITING));
  }

  @Test
  void stagesTopicsAndKeysHaveSeparateLetters() {
    fails(0, "volumes", "a", 7);
    fails(1, "volumes", "b", 8);
    fails(2, "scans", "a", 7);
    fails(3, "preprocess-stream", "volumes", "a", 7, NONE);

    assertThat(ledger().letters())
        .extracting(TrackedDeadLetter::number)
        .containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void aFailureAfterALaterTableRecordIsANewLetter() {
    fails(0, "preprocess-stream", "volumes", "a", 7, NONE);
    lies("volumes", "a", 8);
    fails(1, "preprocess-stream", "volumes", "a", 9, NONE);

    assertLetters(tuple(0L, 1, State.SETTLED), tuple(1L, 1, State.WAITING));
  }

  @Test
  void aRecordWithoutKeyHasALetterToo() {
    fails(0, "scans", null, 7);
    lies("scans", "a", 8);

    assertLetters(tuple(0L, 1, State.WAITING));
  }
}
