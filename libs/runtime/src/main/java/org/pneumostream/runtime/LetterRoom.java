package org.pneumostream.runtime;

import java.nio.ByteBuffer;
import org.pneumostream.schemas.DeadLetter;

/**
 * How much of a record its dead letter can carry. A letter that no broker takes would stop its
 * stage for good, so that content which does not fit is left where it lies.
 *
 * @param bytes largest content, in bytes
 */
public record LetterRoom(long bytes) {
  /** What else is in a letter and around it. */
  private static final int ENVELOPE_BYTES = 64 << 10;

  /**
   * As the topic and the producer have it now.
   *
   * @throws org.apache.kafka.common.KafkaException if no broker answers
   */
  public static LetterRoom of(KafkaConnection kafka) {
    long most =
        Math.min(
            kafka.maxRequestBytes(),
            kafka.maxRecordBytes(kafka.topics().deadLetters()).orElse(Long.MAX_VALUE));
    return new LetterRoom(most - ENVELOPE_BYTES);
  }

  /**
   * Adds the record's value to its letter, or to the letter's reason where it lies.
   *
   * @param letter with all but the content
   * @param value null if the record has none
   */
  public DeadLetter enclose(DeadLetter.Builder letter, byte[] value) {
    if (value != null && value.length > bytes) {
      letter.setReason(
          "%s; content of %d bytes left at %s-%d@%d, since dead-letters takes %d"
              .formatted(
                  letter.getReason(),
                  value.length,
                  letter.getTopic(),
                  letter.getPartition(),
                  letter.getOffset(),
                  bytes));
    } else if (value != null) {
      letter.setContent(ByteBuffer.wrap(value));
    }
    return letter.build();
  }
}
