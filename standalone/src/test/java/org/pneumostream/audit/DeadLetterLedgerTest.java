package org.pneumostream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pneumostream.audit.Letter.State;
import org.pneumostream.schemas.DeadLetter;

/** Times are seconds; the scorer reads volumes and writes predictions. */
class DeadLetterLedgerTest {
  private static final Map<String, Set<String>> OUTCOMES =
      Map.of("scans", Set.of("volumes", "predictions"), "volumes", Set.of("predictions"));

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<TopicEntry> seen = new ArrayList<>();

  @Test
  void aLetterWaitsUntilThereIsAnOutcome() {
    fails(0, "scans", "a", 7, 10);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);

    lies("volumes", "a", 3, 11);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void anOutcomeFromBeforeOrOfAnotherKeyOrOfAnotherStageSettlesNothing() {
    fails(0, "scans", "a", 7, 10);
    lies("volumes", "a", 3, 9);
    lies("volumes", "b", 4, 11);
    lies("labels", "a", 5, 12);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);
  }

  @Test
  void aLaterRecordOfTheKeyIsOnItsWayUntilItFailsOrPasses() {
    fails(0, "volumes", "a", 7, 10);
    lies("volumes", "a", 7, 9);
    lies("volumes", "a", 8, 20);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.UNDERWAY);

    fails(1, "volumes", "a", 8, 21);
    assertThat(letters())
        .extracting(Letter::number, letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(0L, 2, State.WAITING));

    lies("volumes", "a", 9, 30);
    lies("predictions", "a", 0, 31);
    assertThat(letters())
        .extracting(Letter::number, letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void aScanThatPassedIsSettledByItsPredictionToo() {
    fails(0, "scans", "a", 7, 10);
    lies("predictions", "a", 5, 12);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void aRecordPushedBeforeTheFailureWasToldSettlesByWhatWasMadeOfItThatHasItsTime() {
    fails(0, "scans", "a", 7, 10);
    lies("scans", "a", 6, 7);
    lies("volumes", "a", 2, 7);
    lies("scans", "a", 8, 9);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.UNDERWAY);

    lies("volumes", "a", 3, 9);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void tellsSinceWhenTopicsAreToBeReadForWhatIsStillOpen() {
    fails(0, "scans", "a", 7, 10);
    fails(1, "volumes", "b", 3, 20);
    fails(2, "scans", "c", 8, 30);
    lies("predictions", "a", 0, 40);

    assertThat(ledger().openSince(Set.of("scans"))).contains(at(30));
    assertThat(ledger().openSince(Set.of("scans", "volumes"))).contains(at(20));
    assertThat(ledger().openSince(Set.of("labels"))).isEmpty();
  }

  @Test
  void aFailureAfterSettlingIsALetterOfItsOwn() {
    fails(0, "volumes", "a", 7, 10);
    lies("volumes", "a", 8, 20);
    lies("predictions", "a", 0, 21);
    lies("volumes", "a", 9, 30);
    fails(1, "volumes", "a", 9, 31);

    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(0L, State.SETTLED), tuple(1L, State.WAITING));
  }

  @Test
  void stagesAndTopicsAndKeysHaveLettersOfTheirOwn() {
    fails(0, "volumes", "a", 7, 10);
    fails(1, "volumes", "b", 8, 10);
    fails(2, "scans", "a", 7, 10);
    fails(3, "preprocess-stream", "volumes", "a", 7, 10);

    assertThat(letters()).extracting(Letter::number).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void whatOnlyGoesIntoATableHasPassedWhenItLiesThereAndDidNotFail() {
    fails(0, "preprocess-stream", "labels", "a", 7, 10);
    lies("labels", "a", 8, 20);
    fails(1, "preprocess-stream", "labels", "a", 8, 21);
    assertThat(letters())
        .extracting(letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(2, State.WAITING));

    lies("labels", "a", 9, 30);
    assertThat(letters())
        .extracting(letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(2, State.SETTLED));
  }

  @Test
  void ofAnErasedScanNothingIsLeftToDoButWhatFailsLaterWaits() {
    fails(0, "scans", "a", 7, 10);
    seen.add(new TopicEntry("scans", 0, 8, "a", at(20), true));
    assertThat(letters()).extracting(Letter::state).containsExactly(State.ERASED);

    lies("scans", "a", 9, 30);
    fails(1, "scans", "a", 9, 31);
    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(0L, State.ERASED), tuple(1L, State.WAITING));
  }

  @Test
  void whatOneModelsScorerFailedOnAnothersPredictionDoesNotSettle() {
    fails(0, "volumes", "a", 7, 10, "pneumonia");
    fails(1, "volumes", "a", 7, 10, "tuberculosis");
    seen.add(new TopicEntry("predictions", 0, 3, "a", at(20), false, "tuberculosis"));

    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(0L, State.WAITING), tuple(1L, State.SETTLED));
  }

  @Test
  void aWithdrawnLabelErasesNothing() {
    fails(0, "scans", "a", 7, 10);
    seen.add(new TopicEntry("labels", 0, 8, "a", at(20), true));

    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);
  }

  @Test
  void aRecordWithoutKeyHasALetterToo() {
    fails(0, "scans", null, 7, 10);
    lies("scans", "a", 8, 11);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);
  }

  private List<Letter> letters() {
    return ledger().letters();
  }

  private DeadLetterLedger ledger() {
    // The ledger promises that the order does not matter.
    Collections.reverse(seen);
    Collections.reverse(attempts);
    DeadLetterLedger ledger =
        new DeadLetterLedger(
            attempts,
            letter ->
                letter.getTopic().equals("volumes") && !letter.getStage().equals("scorer")
                    ? Set.of("volumes")
                    : OUTCOMES.getOrDefault(letter.getTopic(), Set.of(letter.getTopic())),
            Set.of("scans", "dead-letters"));
    seen.forEach(ledger::seen);
    return ledger;
  }

  private void fails(long number, String topic, String key, long offset, int second) {
    String stage = topic.equals("volumes") ? "scorer" : "preprocess-stream";
    fails(number, stage, topic, key, offset, second);
  }

  private void fails(long number, String topic, String key, long offset, int second, String model) {
    fails(number, "scorer", topic, key, offset, second, model);
  }

  private void fails(long number, String stage, String topic, String key, long offset, int second) {
    fails(number, stage, topic, key, offset, second, null);
  }

  private void fails(
      long number, String stage, String topic, String key, long offset, int second, String model) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setTopic(topic)
            .setPartition(0)
            .setOffset(offset)
            .setError("SerializationException")
            .setReason("not a scan")
            .setFailedAt(at(second))
            .setModel(model)
            .build();
    attempts.add(new Attempt(number, at(second), key, letter, 4));
  }

  private void lies(String topic, String key, long offset, int second) {
    seen.add(new TopicEntry(topic, 0, offset, key, at(second), false));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }
}
