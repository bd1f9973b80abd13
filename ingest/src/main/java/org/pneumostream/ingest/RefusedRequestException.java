package org.pneumostream.ingest;

import io.javalin.http.HttpStatus;

/** A request that is refused for what stands around its body. */
final class RefusedRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final HttpStatus status;

  RefusedRequestException(HttpStatus status, String message) {
    super(message);
    this.status = status;
  }

  HttpStatus status() {
    return status;
  }
}
