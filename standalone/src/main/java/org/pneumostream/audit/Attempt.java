package org.pneumostream.audit;

import java.time.Instant;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;

/**
 * One time that a stage gave up on a record.
 *
 * @param number offset of the record on dead-letters that says so
 * @param at timestamp of that record
 * @param key key of the record that failed; null if it has none
 * @param letter what is said of it, without the content, which may be megabytes
 * @param contentBytes length of the content, or -1 if there is none
 */
public record Attempt(long number, Instant at, String key, DeadLetter letter, int contentBytes) {
  /** Where the record lies that failed, on the letter's topic. */
  RecordPlace place() {
    return new RecordPlace(letter.getPartition(), letter.getOffset());
  }

  /** Whether there is something to try again with. */
  public boolean hasContent() {
    return contentBytes >= 0;
  }
}
