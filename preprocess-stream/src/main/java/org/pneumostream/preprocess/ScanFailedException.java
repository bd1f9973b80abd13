package org.pneumostream.preprocess;

import io.opentelemetry.context.Context;

/** Tells the handler of failures where in its trace a scan has failed; the cause says why. */
final class ScanFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Context trace;

  ScanFailedException(RuntimeException cause, Context trace) {
    super(cause);
    this.trace = trace;
  }

  Context trace() {
    return trace;
  }

  @Override
  public synchronized RuntimeException getCause() {
    return (RuntimeException) super.getCause();
  }
}
