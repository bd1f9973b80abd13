package org.pneumostream.ingest;

import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.RegistryAwayException;

/**
 * Nothing is wrong with what was pushed, but Kafka, the registry or the disk cannot take it now.
 * Pushing it again later is right, and safe: the same scan is the same key.
 */
public sealed class UnavailableException extends Exception permits BusyException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Of what Kafka's clients or the registry's have thrown, with the name of what is away. */
  static UnavailableException of(Throwable cause) {
    String what = cause instanceof RegistryAwayException ? "" : "Kafka: ";
    return new UnavailableException(what + cause.getMessage(), cause);
  }
}
