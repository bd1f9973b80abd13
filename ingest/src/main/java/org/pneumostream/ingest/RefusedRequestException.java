package org.pneumostream.ingest;

import io.javalin.http.HttpStatus;

/** A request that is refused because of its query or headers. */
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
