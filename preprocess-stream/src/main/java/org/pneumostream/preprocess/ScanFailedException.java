package org.pneumostream.preprocess;

import org.apache.kafka.common.header.Headers;

/**
 * Tells the handler of failures what the record of a scan that failed carries: the span in which it
 * failed, and what it tries again. The cause says why.
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
