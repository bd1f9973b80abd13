package org.pneumostream.schemas;

import java.time.Instant;
import java.util.Optional;

/** The stages and services, by the names in commands, health, metrics and dead letters. */
public enum Stage {
  INGEST("ingest"),
  PREPROCESS_STREAM("preprocess-stream"),
  SCORER("scorer"),
  TRAINER("trainer");

  private final String text;

  Stage(String text) {
    this.text = text;
  }

  /**
   * The dead letter of a record that this stage failed on, without the record's content.
   *
   * @param topic topic from which the record was read
   */
  public DeadLetter.Builder deadLetter(
      String topic, RecordPlace place, Throwable failure, Instant failedAt) {
    return deadLetter(
        topic,
        place,
        failure.getClass().getSimpleName(),
        Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString),
        failedAt);
  }

  /**
   * The same, for failures without an exception.
   *
   * @param error kind of failure, one word
   * @param reason what is wrong, for people
   */
  public DeadLetter.Builder deadLetter(
      String topic, RecordPlace place, String error, String reason, Instant failedAt) {
    return DeadLetter.newBuilder()
        .setStage(text)
        .setTopic(topic)
        .setPartition(place.partition())
        .setOffset(place.offset())
        .setError(error)
        .setReason(reason)
        .setFailedAt(failedAt);
  }

  /** Whether this stage wrote a dead letter. */
  public boolean wrote(DeadLetter letter) {
    return text.equals(letter.getStage());
  }

  @Override
  public String toString() {
    return text;
  }
}
