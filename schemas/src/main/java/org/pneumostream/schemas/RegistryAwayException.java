package org.pneumostream.schemas;

import org.apache.kafka.common.KafkaException;

/**
 * The schema registry cannot be reached, or cannot answer now. This says nothing about the record:
 * a caller must not give the record up, but stop and retry.
 */
public final class RegistryAwayException extends KafkaException {
  private static final long serialVersionUID = 1L;

  public RegistryAwayException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether an unavailable registry is, or caused, a failure. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryAwayException) {
        return true;
      }
    }
    return false;
  }
}
