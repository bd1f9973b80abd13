package org.pneumostream.schemas;

import org.apache.kafka.common.KafkaException;

/**
 * The schema registry cannot be reached, or cannot answer now. Says nothing of the record that was
 * to be read or written: whoever catches it must not give the record up, but stop and try again.
 */
public final class RegistryAwayException extends KafkaException {
  private static final long serialVersionUID = 1L;

  public RegistryAwayException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether a failure is, or was caused by, a registry that is away. */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RegistryAwayException) {
        return true;
      }
    }
    return false;
  }
}
