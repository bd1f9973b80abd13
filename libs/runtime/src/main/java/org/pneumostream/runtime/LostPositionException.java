package org.pneumostream.runtime;

import org.apache.kafka.common.KafkaException;

/** A consumer group has lost its position, and its outputs do not tell it. */
public final class LostPositionException extends KafkaException {
  private static final long serialVersionUID = 1L;

  LostPositionException(String message) {
    super(message);
  }
}
