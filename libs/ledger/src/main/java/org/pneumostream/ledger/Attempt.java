package org.pneumostream.ledger;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;

/**
 * One time that a stage gave up on a record.
 *
 * @param number offset of the record on dead-letters that says so
 * @param key key of the record that failed; null if it has none
 * @param letter what is said of it, without the content, which may be megabytes
 * @param contentBytes length of the content, or -1 if there is none
 * @param scan place of the scan that failed, or that was made into what failed
 * @param retryOf what the record that failed had tried again
 */
public record Attempt(
    long number,
    String key,
    DeadLetter letter,
    int contentBytes,
    Optional<RecordPlace> scan,
    RetryOf retryOf) {

  /**
   * @param letter the value of the record
   */
  static Attempt of(ConsumerRecord<String, byte[]> record, DeadLetter letter) {
    return new Attempt(
        record.offset(),
        record.key(),
        DeadLetter.newBuilder(letter).setContent(null).build(),
        letter.getContent() == null ? -1 : letter.getContent().remaining(),
        RecordPlace.read(RecordPlace.SCAN, record.headers()),
        RetryOf.read(record.headers()));
  }

  /** Where the record lies that failed, on the letter's topic. */
  RecordPlace place() {
    return new RecordPlace(letter.getPartition(), letter.getOffset());
  }

  /** Whether a record tries this one again. */
  boolean isTriedAgainBy(RetryOf retryOf) {
    return retryOf.letters().contains(number) || scan.filter(retryOf.scans()::contains).isPresent();
  }

  /**
   * Whether what is put back for the other one is read by the stage that failed here, too: it is
   * the same record, and is put back for all models, or for this one's.
   */
  boolean isServedBy(Attempt other) {
    String model = letter.getModel();
    String others = other.letter.getModel();
    return letter.getTopic().equals(other.letter.getTopic())
        && place().equals(other.place())
        && (model == null || others == null || model.equals(others));
  }

  /** Whether there is something to try again with. */
  public boolean hasContent() {
    return contentBytes >= 0;
  }
}
