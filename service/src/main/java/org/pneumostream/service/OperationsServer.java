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
import java.util.function.Consumer;

/**
 * A service's HTTP port: {@code /health/live}, {@code /health/ready}, {@code /metrics} (Prometheus
 * text), and whatever routes the service adds.
 */
public final class OperationsServer implements AutoCloseable {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
  private final Javalin http =
      Javalin.create(
          config -> {
            config.showJavalinBanner = false;
            config.startupWatcherEnabled = false;
          });

  /**
   * @param service name of the service, a tag of all its metrics
   */
  public OperationsServer(String service) {
    metrics.config().commonTags("service", service);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    gcMetrics.bindTo(metrics);
  }

  /**
   * Starts listening.
   *
   * @param service whose health is told
   * @param host address to listen on
   * @param port port to listen on; 0 for any free one
   * @param routes what the service itself serves
   */
  public void start(Service service, String host, int port, Consumer<Javalin> routes) {
    http.get("/health/live", context -> answer(context, stopped(service)));
    http.get(
        "/health/ready",
        context -> {
          String stopped = stopped(service);
          answer(context, stopped.isEmpty() ? service.waitingFor() : stopped);
        });
    http.get(
        "/metrics",
        context ->
            context
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape()));
    routes.accept(http);
    http.start(host, port);
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

  private static String stopped(Service service) {
    return service.stopped().isDone() ? service.name() + " has stopped" : "";
  }

  private static void answer(Context context, String problem) {
    context.status(problem.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    context.json(Map.of("status", problem.isEmpty() ? "up" : "down", "waitingFor", problem));
  }
}
