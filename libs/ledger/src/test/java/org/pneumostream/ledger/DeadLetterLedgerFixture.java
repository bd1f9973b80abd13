package org.pneumostream.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;

/** The scorer reads volumes and writes predictions; their headers name the letters they retry. */
abstract class DeadLetterLedgerFixture {
  static final RetryOf NONE = RetryOf.letters(List.of());

  final Topics topics = InMemoryKafka.topics("");

  final List<Attempt> attempts = new ArrayList<>();
  final List<Consumer<DeadLetterLedger>> seen = new ArrayList<>();

  void assertLetters(org.assertj.core.groups.Tuple... numberAttemptsState) {
    assertThat(ledger().letters())
        .extracting(
            TrackedDeadLetter::number, letter -> letter.attempts().size(), TrackedDeadLetter::state)
        .containsExactly(numberAttemptsState);
  }

  DeadLetterLedger ledger() {
    // The order does not matter.
    Collections.reverse(seen);
    Collections.reverse(attempts);
    DeadLetterLedger ledger = new DeadLetterLedger(topics, attempts);
    seen.forEach(one -> one.accept(ledger));
    return ledger;
  }

  void fails(long number, String topic, String key, long offset) {
    fails(number, stage(topic), topic, key, offset, NONE);
  }

  /** A failure on a volume that was made from a scan. */
  void fails(long number, String topic, String key, long offset, long scan) {
    fails(number, topic, key, offset, scan, NONE);
  }

  void fails(long number, String topic, String key, long offset, long scan, RetryOf retryOf) {
    fails(number, stage(topic), topic, key, offset, model(stage(topic)), scan, retryOf);
  }

  void fails(long number, String topic, String key, long offset, String model) {
    fails(number, stage(topic), topic, key, offset, model, offset, NONE);
  }

  void fails(long number, String stage, String topic, String key, long offset, RetryOf retryOf) {
    fails(number, stage, topic, key, offset, model(stage), offset, retryOf);
  }

  void fails(
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

  static String stage(String topic) {
    return topic.equals("volumes") ? "scorer" : "preprocess-stream";
  }

  static String model(String stage) {
    return stage.equals("scorer") ? "pneumonia" : null;
  }

  void lies(String topic, String key, long offset) {
    seen.add(ledger -> ledger.lies(topic, key, new RecordPlace(0, offset)));
  }

  void predicted(String key, RetryOf retryOf) {
    seen.add(ledger -> ledger.predicted(key, "pneumonia", retryOf));
  }

  void erased(String key, long number) {
    seen.add(ledger -> ledger.erased(key, number));
  }

  static RetryOf letters(long... numbers) {
    return RetryOf.letters(LongStream.of(numbers).boxed().toList());
  }

  static RetryOf scans(long offset) {
    return new RetryOf(Set.of(), Set.of(new RecordPlace(0, offset)));
  }
}
