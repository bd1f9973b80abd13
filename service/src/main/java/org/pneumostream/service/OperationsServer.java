package org.pneumostream.service;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A service's HTTP port: {@code /health/live}, {@code /health/ready}, {@code /metrics} (Prometheus
 * text), and whatever routes the service adds.
 */
public final class OperationsServer implements AutoCloseable {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final Javalin http;

  private OperationsServer(
      String service, Consumer<Javalin> routes, BooleanSupplier live, Supplier<String> waitingFor) {
    metrics.config().commonTags("service", service);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    gcMetrics.bindTo(metrics);
    http =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.useVirtualThreads = false;
              config.startupWatcherEnabled = false;
            });
    http.get(
        "/health/live",
        context -> answer(context, live.getAsBoolean() ? "" : service + " has stopped"));
    http.get(
        "/health/ready",
        context ->
            answer(context, live.getAsBoolean() ? waitingFor.get() : service + " has stopped"));
    http.get(
        "/metrics",
        context ->
            context
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape()));
    routes.accept(http);
  }

  /**
   * Starts listening.
   *
   * @param port port to listen on; 0 for any free one
   * @param waitingFor empty when the service does its work, else what it waits for
   * @param routes what the service itself serves
   */
  public static OperationsServer start(
      String service,
      String host,
      int port,
      BooleanSupplier live,
      Supplier<String> waitingFor,
      Consumer<Javalin> routes) {
    OperationsServer server = new OperationsServer(service, routes, live, waitingFor);
    server.http.start(host, port);
    return server;
  }

  public int port() {
    return http.port();
  }

  public PrometheusMeterRegistry metrics() {
    return metrics;
  }

  @Override
  public void close() {
    http.stop();
    gcMetrics.close();
    metrics.close();
  }

  private static void answer(Context context, String problem) {
    context.status(problem.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    context.json(Map.of("status", problem.isEmpty() ? "up" : "down", "waitingFor", problem));
  }
}
