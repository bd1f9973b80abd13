package org.pneumostream.preprocess;

import org.apache.kafka.common.header.Headers;

/**
 * Carries the span and the retry header of a failed scan to the handler of failures. The cause says
 * why it failed.
 */
final class ScanFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Headers headers;

  ScanFailedException(RuntimeException cause, Headers headers) {
    super(cause);
    this.headers = headers;
  }

  Headers headers() {
    return headers;
  }

  @Override
  public synchronized RuntimeException getCause() {
    return (RuntimeException) super.getCause();
  }
}
