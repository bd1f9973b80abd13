package org.pneumostream.ingest;

/** Too much is being taken at this moment; it soon will have been. */
public final class BusyException extends UnavailableException {
  private static final long serialVersionUID = 1L;

  BusyException(String message) {
    super(message, null);
  }
}
