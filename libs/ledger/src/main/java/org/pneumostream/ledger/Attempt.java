package org.pneumostream.ledger;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;

/**
 * A failed attempt of a stage to process a record.
 *
 * @param number offset of its record on dead-letters
 * @param key key of the failed record; null if it has none
 * @param letter the dead letter without its content, which may be megabytes
 * @param contentBytes length of the content, or -1 if there is none
 * @param scan place of the failed scan, or of the scan behind the failed record
 * @param retryOf dead letters that the failed record was a retry of
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

  /** Place of the failed record on the letter's topic. */
  RecordPlace place() {
    return new RecordPlace(letter.getPartition(), letter.getOffset());
  }

  /** Whether a record retries this attempt. */
  boolean isTriedAgainBy(RetryOf retryOf) {
    return retryOf.letters().contains(number) || scan.filter(retryOf.scans()::contains).isPresent();
  }

  /**
   * Whether a retry of the other attempt also reaches the stage that failed here: both failed on
   * the same record, and the retry is for all models or for this one's.
   */
  boolean isServedBy(Attempt other) {
    String model = letter.getModel();
    String others = other.letter.getModel();
    return letter.getTopic().equals(other.letter.getTopic())
        && place().equals(other.place())
        && (model == null || others == null || model.equals(others));
  }

  /** Whether the letter has content to retry. */
  public boolean hasContent() {
    return contentBytes >= 0;
  }
}
