package org.pneumostream.schemas;

import org.apache.kafka.common.KafkaException;

/**
 * The schema registry did not answer: it cannot be reached, is overloaded, failed or does not let
 * this client in. Says nothing about the record at hand, which must be read again once the registry
 * is back; hence not a {@link org.apache.kafka.common.errors.SerializationException}.
 */
public final class RegistryAwayException extends KafkaException {
  private static final long serialVersionUID = 1L;

  public RegistryAwayException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether a failure is, or was caused by, a registry that did not answer. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof RegistryAwayException) {
        return true;
      }
    }
    return false;
  }
}
