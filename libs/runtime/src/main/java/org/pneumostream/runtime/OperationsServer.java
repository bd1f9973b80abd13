package org.pneumostream.runtime;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pneumostream.http.BrowserGuard;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.http.HttpErrors;
import org.pneumostream.http.HttpGuard;
import org.pneumostream.http.HttpListener;
import org.pneumostream.http.HttpRequestMetrics;
import org.pneumostream.http.HttpRole;
import org.pneumostream.http.LiveTokens;
import org.pneumostream.http.RateLimit;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's HTTP port: {@code /health/live}, {@code /health/ready}, {@code /metrics} (Prometheus
 * text), and the service's own routes.
 */
public final class OperationsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OperationsServer.class);

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics processMetrics = new ProcessMetrics();
  private final KafkaMeters kafkaMetrics = new KafkaMeters(metrics);
  private @Nullable Javalin http;

  /**
   * @param service name of the service, a tag of all its metrics
   */
  public OperationsServer(String service) {
    metrics.config().commonTags("service", service);
    processMetrics.bindTo(metrics);
  }

  /**
   * Starts listening.
   *
   * @param service the service whose health is reported
   * @param config listener and access
   * @param port port to listen on; 0 for any free one
   * @param routes the service's own routes, each with an {@link HttpRole}
   */
  public void start(Service service, HttpConfig config, int port, Consumer<RoutesConfig> routes) {
    start(service, config, port, routes, System::nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock, in ns
   */
  void start(
      Service service,
      HttpConfig config,
      int port,
      Consumer<RoutesConfig> routes,
      LongSupplier nanoTime) {
    LiveTokens tokens = new LiveTokens(config, nanoTime);
    RateLimit rateLimit = new RateLimit(config.requestsPerMinute(), nanoTime);
    if (!config.isLocal() && config.keyStore().isEmpty()) {
      log.warn(
          "{} listens on {} without {}: tokens and scans cross the network unencrypted",
          service.name(),
          config.host(),
          HttpConfig.KEYSTORE.key());
    }
    Gauge.builder("pneumostream.service.ready", () -> waitingFor(service, tokens).isEmpty() ? 1 : 0)
        .description("1 while the service does its work, 0 while it waits for something")
        .register(metrics);
    Gauge.builder("pneumostream.http.tokens.invalid", () -> tokens.invalidFor().toSeconds())
        .description("How long http-tokens-file has been invalid; 0 while it is valid")
        .baseUnit("seconds")
        .register(metrics);
    http =
        Javalin.create(
            javalin -> {
              HttpListener.setUp(javalin, config, port, nanoTime);
              javalin.requestLogger.http(new HttpRequestMetrics(metrics));
              HttpErrors.setUp(javalin);
              javalin.routes.before(new BrowserGuard(config));
              javalin.routes.beforeMatched(new HttpGuard(tokens, rateLimit));
              addRoutes(javalin.routes, service, tokens);
              routes.accept(javalin.routes);
            });
    http.start();
  }

  private void addRoutes(RoutesConfig routes, Service service, LiveTokens tokens) {
    routes.get("/health/live", context -> answer(context, stopped(service)), HttpRole.ANYONE);
    routes.get(
        "/health/ready", context -> answer(context, waitingFor(service, tokens)), HttpRole.ANYONE);
    routes.get(
        "/metrics",
        context ->
            context
                .contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.scrape()),
        HttpRole.READ);
  }

  public int port() {
    return Objects.requireNonNull(http, "not started").port();
  }

  public PrometheusMeterRegistry metrics() {
    return metrics;
  }

  /** Binds the metrics of clients that read and write these topics. */
  public KafkaMeters kafkaMetrics(Topics topics) {
    return kafkaMetrics.of(topics);
  }

  /** Stops accepting requests; metrics can still be added. */
  public void stopListening() {
    if (http != null) {
      http.stop();
    }
  }

  @Override
  public void close() {
    stopListening();
    kafkaMetrics.close();
    processMetrics.close();
    metrics.close();
  }

  private static String waitingFor(Service service, LiveTokens tokens) {
    String stopped = stopped(service);
    return stopped.isEmpty()
        ? Stream.of(service.waitingFor(), tokens.problem())
            .filter(problem -> !problem.isEmpty())
            .collect(Collectors.joining("; "))
        : stopped;
  }

  private static String stopped(Service service) {
    return service.stopped().isDone() ? service.name() + " has stopped" : "";
  }

  private static void answer(Context context, String problem) {
    context.status(problem.isEmpty() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    context.json(Map.of("status", problem.isEmpty() ? "up" : "down", "waitingFor", problem));
  }
}
