package org.pneumostream.runtime;

import java.util.concurrent.CompletableFuture;

/** A service that runs, waits for nothing and never stops. */
public record IdleService(String name, int port) implements Service {
  @Override
  public String waitingFor() {
    return "";
  }

  @Override
  public CompletableFuture<Void> stopped() {
    return new CompletableFuture<>();
  }

  @Override
  public void close() {}
}
