package org.pneumostream.schemas;

import java.io.IOException;

/** Explains why a client of Kafka or of the registry cannot be set up. */
public final class ClientFailure {
  private ClientFailure() {}

  /** The reason in one line: the file that cannot be read, or the root cause. */
  public static String reason(Throwable failure) {
    Throwable outer = failure;
    while (outer.getCause() != null && !(outer.getCause() instanceof IOException)) {
      outer = outer.getCause();
    }
    return outer.getCause() == null
        ? outer.getMessage()
        : outer.getMessage() + ": " + outer.getCause();
  }
}
