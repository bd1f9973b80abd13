package org.pneumostream.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pneumostream.audit.Letter.State;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;

/** The scorer reads volumes and writes predictions. What was made of what, places alone say. */
class DeadLetterLedgerTest {
  private static final Map<String, Set<String>> OUTCOMES =
      Map.of("scans", Set.of("volumes", "predictions"), "volumes", Set.of("predictions"));

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<TopicEntry> seen = new ArrayList<>();

  @Test
  void aLetterWaitsUntilThereIsAnOutcome() {
    fails(0, "scans", "a", 7, 10);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);

    madeOf("scans", 8, "volumes", "a", 3);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void anOutcomeFromBeforeOrOfAnotherKeyOrOfAnotherStageSettlesNothing() {
    fails(0, "scans", "a", 7, 10);
    madeOf("scans", 6, "volumes", "a", 3);
    madeOf("scans", 8, "volumes", "b", 4);
    lies("volumes", "a", 5);
    lies("labels", "a", 9);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);
  }

  @Test
  void aLaterRecordOfTheKeyIsOnItsWayUntilItFailsOrPasses() {
    fails(0, "volumes", "a", 7, 10);
    lies("volumes", "a", 7);
    lies("volumes", "a", 8);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.UNDERWAY);

    fails(1, "volumes", "a", 8, 21);
    assertThat(letters())
        .extracting(Letter::number, letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(0L, 2, State.WAITING));

    lies("volumes", "a", 9);
    madeOf("volumes", 9, "predictions", "a", 0);
    assertThat(letters())
        .extracting(Letter::number, letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void aScanThatPassedIsSettledByItsPredictionToo() {
    fails(0, "scans", "a", 7, 10);
    madeOf("scans", 8, "predictions", "a", 5);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void aRecordPushedBeforeTheFailureWasToldSettlesByWhatWasMadeOfIt() {
    fails(0, "scans", "a", 7, 10);
    lies("scans", "a", 6);
    madeOf("scans", 6, "volumes", "a", 2);
    lies("scans", "a", 8);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.UNDERWAY);

    madeOf("scans", 8, "volumes", "a", 3);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  /** The scan of the volume that failed was pushed again, and its new volume is not there yet. */
  @Test
  void aPredictionOfTheVolumeBeforeSettlesNothing() {
    fails(0, "volumes", "a", 7, 10);
    madeOf("volumes", 5, "predictions", "a", 0);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);

    madeOf("volumes", 8, "predictions", "a", 1);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.SETTLED);
  }

  @Test
  void tellsSinceWhenTopicsAreToBeReadForWhatIsStillOpen() {
    fails(0, "scans", "a", 7, 10);
    fails(1, "volumes", "b", 3, 20);
    fails(2, "scans", "c", 8, 30);
    madeOf("scans", 9, "predictions", "a", 0);

    assertThat(ledger().openSince(Set.of("scans"))).contains(at(30));
    assertThat(ledger().openSince(Set.of("scans", "volumes"))).contains(at(20));
    assertThat(ledger().openSince(Set.of("labels"))).isEmpty();
  }

  @Test
  void aFailureAfterSettlingIsALetterOfItsOwn() {
    fails(0, "volumes", "a", 7, 10);
    lies("volumes", "a", 8);
    madeOf("volumes", 8, "predictions", "a", 0);
    lies("volumes", "a", 9);
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
    lies("labels", "a", 8);
    fails(1, "preprocess-stream", "labels", "a", 8, 21);
    assertThat(letters())
        .extracting(letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(2, State.WAITING));

    lies("labels", "a", 9);
    assertThat(letters())
        .extracting(letter -> letter.attempts().size(), Letter::state)
        .containsExactly(tuple(2, State.SETTLED));
  }

  @Test
  void ofAnErasedScanNothingIsLeftToDoButWhatFailsLaterWaits() {
    fails(0, "scans", "a", 7, 10);
    ends("scans", "a", 8);
    assertThat(letters()).extracting(Letter::state).containsExactly(State.ERASED);

    lies("scans", "a", 9);
    fails(1, "scans", "a", 9, 31);
    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(0L, State.ERASED), tuple(1L, State.WAITING));
  }

  @Test
  void whatOneModelsScorerFailedOnAnothersPredictionDoesNotSettle() {
    fails(0, "volumes", "a", 7, 10, "pneumonia");
    fails(1, "volumes", "a", 7, 10, "tuberculosis");
    Map<String, RecordPlace> places =
        Map.of("volumes", new RecordPlace(0, 8), "predictions", new RecordPlace(0, 3));
    seen.add(new TopicEntry("predictions", places, "a", false, "tuberculosis"));

    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(0L, State.WAITING), tuple(1L, State.SETTLED));
  }

  @Test
  void aTombstoneOnDeadLettersEndsWhatLiesBeforeItThere() {
    fails(3, "volumes", "a", 7, 10);
    fails(4, "labels", "b", 7, 10);
    ends("dead-letters", "a", 2);
    ends("dead-letters", "b", 5);

    assertThat(letters())
        .extracting(Letter::number, Letter::state)
        .containsExactly(tuple(3L, State.WAITING), tuple(4L, State.ERASED));
  }

  @Test
  void aWithdrawnLabelErasesNothing() {
    fails(0, "scans", "a", 7, 10);
    ends("labels", "a", 8);

    assertThat(letters()).extracting(Letter::state).containsExactly(State.WAITING);
  }

  @Test
  void aRecordWithoutKeyHasALetterToo() {
    fails(0, "scans", null, 7, 10);
    lies("scans", "a", 8);

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
            "scans",
            "dead-letters");
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

  private void lies(String topic, String key, long offset) {
    sees(topic, key, offset, Map.of(), false);
  }

  /** A record that was made of another one. */
  private void madeOf(String source, long at, String topic, String key, long offset) {
    sees(topic, key, offset, Map.of(source, new RecordPlace(0, at)), false);
  }

  /** A tombstone. */
  private void ends(String topic, String key, long offset) {
    sees(topic, key, offset, Map.of(), true);
  }

  private void sees(
      String topic,
      String key,
      long offset,
      Map<String, RecordPlace> sources,
      boolean isTombstone) {
    Map<String, RecordPlace> places = new HashMap<>(sources);
    places.put(topic, new RecordPlace(0, offset));
    seen.add(new TopicEntry(topic, places, key, isTombstone));
  }

  private static Instant at(int second) {
    return Instant.ofEpochSecond(second);
  }
}
