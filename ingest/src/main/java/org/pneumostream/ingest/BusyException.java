package org.pneumostream.ingest;

/** Ingest is at capacity; retry shortly. */
public final class BusyException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  BusyException(String message) {
    super(message, null);
  }
}
