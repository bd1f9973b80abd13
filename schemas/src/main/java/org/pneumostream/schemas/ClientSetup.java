package org.pneumostream.schemas;

import java.io.IOException;

/** Setting up the clients of Kafka and of the registry. */
public final class ClientSetup {
  private ClientSetup() {}

  /** Why a client cannot be set up: the file that cannot be read, or the first cause of all. */
  public static String failure(Throwable failure) {
    Throwable outer = failure;
    while (outer.getCause() != null && !(outer.getCause() instanceof IOException)) {
      outer = outer.getCause();
    }
    return outer.getCause() == null
        ? outer.getMessage()
        : outer.getMessage() + ": " + outer.getCause();
  }
}
