package org.pneumostream.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One running service: ingest, preprocess-stream, scorer or trainer. */
public interface Service extends AutoCloseable {
  /** Name in logs, thread names and metrics. */
  String name();

  /** Port of its health, metrics and other HTTP routes. */
  int port();

  /** What keeps it from its work at this moment; empty if nothing does. */
  String waitingFor();

  /** Joins what several parts wait for into one text; empty if none waits. */
  static String reasons(String... each) {
    return Stream.of(each).filter(reason -> !reason.isEmpty()).collect(Collectors.joining("; "));
  }

  /** Completes when the service has stopped; with the reason, if it failed. */
  CompletableFuture<Void> stopped();

  /** Stops: in-flight work is finished or not committed. May be called twice. */
  @Override
  void close();
}
