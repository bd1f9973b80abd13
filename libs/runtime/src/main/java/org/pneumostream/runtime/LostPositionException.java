package org.pneumostream.runtime;

import org.apache.kafka.common.KafkaException;

/** A consumer group has no position, and nothing tells where it left off. */
public final class LostPositionException extends KafkaException {
  private static final long serialVersionUID = 1L;

  LostPositionException(String message) {
    super(message);
  }
}
