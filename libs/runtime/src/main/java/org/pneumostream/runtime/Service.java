package org.pneumostream.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One running service: ingest, preprocess-stream, scorer or trainer. */
public interface Service extends AutoCloseable {
  /** Name in logs, thread names and metrics. */
  String name();

  /** Port of its health and metrics, and of whatever else it serves over HTTP. */
  int port();

  /** Whether it does its work at this moment; an empty text if so, else what it waits for. */
  String waitingFor();

  /** What several parts wait for, in one text; empty if none waits. */
  static String reasons(String... each) {
    return Stream.of(each).filter(reason -> !reason.isEmpty()).collect(Collectors.joining("; "));
  }

  /** Ends when the service has stopped; with the reason, if it failed. */
  CompletableFuture<Void> stopped();

  /** Stops: work in flight is finished or not committed. Safe to call twice. */
  @Override
  void close();
}
