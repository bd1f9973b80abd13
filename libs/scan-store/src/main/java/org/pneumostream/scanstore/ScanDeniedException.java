package org.pneumostream.scanstore;

import java.io.IOException;

/** The scan store does not let this service read one of its objects. */
public final class ScanDeniedException extends IOException {
  private static final long serialVersionUID = 1L;

  ScanDeniedException(String uri, Throwable cause) {
    super("scan store: %s: access denied; allow this service to read it".formatted(uri), cause);
  }
}
