package org.pneumostream.scanstore;

import java.io.IOException;

/** A reference names an object that the scan store no longer has. */
public final class ScanGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ScanGoneException(String uri, Throwable cause) {
    super("scan store: " + uri + " is gone", cause);
  }
}
