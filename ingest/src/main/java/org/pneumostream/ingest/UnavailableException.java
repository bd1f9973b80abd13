package org.pneumostream.ingest;

import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.RegistryAwayException;

/**
 * The push is valid, but Kafka, the registry or the disk cannot accept it now. Pushing it again
 * later is safe: the same scan has the same key.
 */
public sealed class UnavailableException extends Exception permits BusyException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Wraps an exception of Kafka's or the registry's client, and names the unavailable system. */
  static UnavailableException of(Throwable cause) {
    String what = cause instanceof RegistryAwayException ? "" : "Kafka: ";
    return new UnavailableException(what + cause.getMessage(), cause);
  }
}
