package org.pneumostream.ingest;

/**
 * Nothing is wrong with what was pushed, but Kafka, the registry or the disk cannot take it now.
 * Pushing it again later is right, and safe: the same scan is the same key.
 */
public sealed class UnavailableException extends Exception permits BusyException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
