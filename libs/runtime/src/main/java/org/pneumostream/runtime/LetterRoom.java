package org.pneumostream.runtime;

import java.nio.ByteBuffer;
import org.pneumostream.schemas.DeadLetter;

/**
 * The largest record that fits its dead letter. A letter that brokers refuse would stop its stage
 * for good, so larger content stays on the source topic.
 *
 * @param bytes largest content, in bytes
 */
public record LetterRoom(long bytes) {
  /** Room for the other fields of a letter, and for its headers. */
  private static final int ENVELOPE_BYTES = 64 << 10;

  /**
   * Reads the limits of the topic and the producer.
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
   * Adds the record's value to its letter if it fits; otherwise adds its place to the letter's
   * reason.
   *
   * @param letter without content
   * @param value null if the record has none
   */
  public DeadLetter enclose(DeadLetter.Builder letter, byte[] value) {
    if (value != null && value.length > bytes) {
      letter.setReason(
          "%s; content of %d bytes stays at %s-%d@%d, since dead-letters takes at most %d"
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
