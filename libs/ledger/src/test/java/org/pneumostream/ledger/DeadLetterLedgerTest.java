package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.pneumostream.ledger.TrackedDeadLetter.State;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;

/** The scorer reads volumes and writes predictions; their headers name the letters they retry. */
class DeadLetterLedgerTest {
  private static final RetryOf NONE = RetryOf.letters(List.of());

  private final Topics topics = InMemoryKafka.topics("");

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Consumer<DeadLetterLedger>> seen = new ArrayList<>();

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
  void aTableRecordIsProcessedIfALaterOneDidNotFail() {
    fails(0, "labels", "a", 7);
    lies("labels", "a", 8);
    fails(1, "labels", "a", 8);
    assertLetters(tuple(0L, 2, State.WAITING));

    lies("labels", "a", 9);
    assertLetters(tuple(0L, 2, State.SETTLED));
  }

  @Test
  void aFailureAfterALaterTableRecordIsANewLetter() {
    fails(0, "preprocess-stream", "volumes", "a", 7, NONE);
    lies("volumes", "a", 8);
    fails(1, "preprocess-stream", "volumes", "a", 9, NONE);

    assertLetters(tuple(0L, 1, State.SETTLED), tuple(1L, 1, State.WAITING));
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

  @Test
  void aRecordWithoutKeyHasALetterToo() {
    fails(0, "scans", null, 7);
    lies("scans", "a", 8);

    assertLetters(tuple(0L, 1, State.WAITING));
  }

  private void assertLetters(org.assertj.core.groups.Tuple... numberAttemptsState) {
    assertThat(ledger().letters())
        .extracting(
            TrackedDeadLetter::number, letter -> letter.attempts().size(), TrackedDeadLetter::state)
        .containsExactly(numberAttemptsState);
  }

  private DeadLetterLedger ledger() {
    // The order does not matter.
    Collections.reverse(seen);
    Collections.reverse(attempts);
    DeadLetterLedger ledger = new DeadLetterLedger(topics, attempts);
    seen.forEach(one -> one.accept(ledger));
    return ledger;
  }

  private void fails(long number, String topic, String key, long offset) {
    fails(number, stage(topic), topic, key, offset, NONE);
  }

  /** A failure on a volume that was made from a scan. */
  private void fails(long number, String topic, String key, long offset, long scan) {
    fails(number, topic, key, offset, scan, NONE);
  }

  private void fails(
      long number, String topic, String key, long offset, long scan, RetryOf retryOf) {
    fails(number, stage(topic), topic, key, offset, model(stage(topic)), scan, retryOf);
  }

  private void fails(long number, String topic, String key, long offset, String model) {
    fails(number, stage(topic), topic, key, offset, model, offset, NONE);
  }

  private void fails(
      long number, String stage, String topic, String key, long offset, RetryOf retryOf) {
    fails(number, stage, topic, key, offset, model(stage), offset, retryOf);
  }

  private void fails(
      long number,
      String stage,
      String topic,
      String key,
      long offset,
      String model,
      long scan,
      RetryOf retryOf) {
    DeadLetter letter =
        SampleRecords.deadLetter()
            .setStage(stage)
            .setTopic(topic)
            .setOffset(offset)
            .setModel(model)
            .build();
    attempts.add(
        new Attempt(number, key, letter, 4, Optional.of(new RecordPlace(0, scan)), retryOf));
  }

  private static String stage(String topic) {
    return topic.equals("volumes") ? "scorer" : "preprocess-stream";
  }

  private static String model(String stage) {
    return stage.equals("scorer") ? "pneumonia" : null;
  }

  private void lies(String topic, String key, long offset) {
    seen.add(ledger -> ledger.lies(topic, key, new RecordPlace(0, offset)));
  }

  private void predicted(String key, RetryOf retryOf) {
    seen.add(ledger -> ledger.predicted(key, "pneumonia", retryOf));
  }

  private void erased(String key, long number) {
    seen.add(ledger -> ledger.erased(key, number));
  }

  private static RetryOf letters(long... numbers) {
    return RetryOf.letters(LongStream.of(numbers).boxed().toList());
  }

  private static RetryOf scans(long offset) {
    return new RetryOf(Set.of(), Set.of(new RecordPlace(0, offset)));
  }
}
