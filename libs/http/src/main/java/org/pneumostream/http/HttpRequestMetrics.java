package org.pneumostream.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.RequestLogger;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * Counts requests by route, with the usual names and tags. The route is the template, such as
 * {@code /scans/{id}}, never the requested path; it is {@code unknown} if none matched.
 */
public final class HttpRequestMetrics implements RequestLogger {
  private static final String UNKNOWN = "unknown";

  private final MeterRegistry registry;

  public HttpRequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void handle(Context context, Float millis) {
    Timer.builder("http.server.requests")
        .description("HTTP requests answered")
        .tag("method", method(context))
        .tag("uri", route(context))
        .tag("status", Integer.toString(context.statusCode()))
        .tag("outcome", outcome(context.statusCode()))
        .register(registry)
        .record(Math.round(millis * 1e6), TimeUnit.NANOSECONDS);
  }

  /** Clients may invent any number of methods, and each tag value is kept for ever. */
  private static String method(Context context) {
    HandlerType method = context.method();
    return HandlerType.commonHttp().contains(method) ? method.name() : UNKNOWN;
  }

  private static String route(Context context) {
    Endpoint matched = context.endpoints().matchedHttpEndpoint();
    return matched == null ? UNKNOWN : matched.path;
  }

  private static String outcome(int status) {
    return switch (status / 100) {
      case 1 -> "INFORMATIONAL";
      case 2 -> "SUCCESS";
      case 3 -> "REDIRECTION";
      case 4 -> "CLIENT_ERROR";
      default -> "SERVER_ERROR";
    };
  }
}
