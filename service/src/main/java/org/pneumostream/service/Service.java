package org.pneumostream.service;

import java.util.concurrent.CompletableFuture;

/** One running service: ingest, preprocess-stream, scorer or trainer. */
public interface Service extends AutoCloseable {
  /** Name in logs, thread names and metrics. */
  String name();

  /** Port of its health and metrics, and of whatever else it serves over HTTP. */
  int port();

  /** Whether it does its work at this moment; an empty text if so, else what it waits for. */
  String waitingFor();

  /** Ends when the service has stopped; with the reason, if it failed. */
  CompletableFuture<Void> stopped();

  /** Stops: work in flight is finished or not committed. Safe to call twice. */
  @Override
  void close();
}
