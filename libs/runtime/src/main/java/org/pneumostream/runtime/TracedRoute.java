package org.pneumostream.runtime;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;

/** A route that continues the trace of its request, or begins one. */
public final class TracedRoute implements Handler {
  private static final int FIRST_SERVER_ERROR = 500;

  private final Tracing tracing;
  private final Handler route;

  public TracedRoute(Tracing tracing, Handler route) {
    this.tracing = tracing;
    this.route = route;
  }

  @Override
  public void handle(Context request) throws Exception {
    String method = request.method().name();
    String path = request.endpoint().path;
    Span span =
        tracing
            .span(method + " " + path)
            .setParent(TraceHeaders.read(request))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute("http.request.method", method)
            .setAttribute("http.route", path)
            .setAttribute("url.path", request.path())
            .setAttribute("url.scheme", request.scheme())
            .startSpan();
    try (Scope current = span.makeCurrent()) {
      route.handle(request);
      int status = request.statusCode();
      span.setAttribute("http.response.status_code", status);
      if (status >= FIRST_SERVER_ERROR) {
        Tracing.failed(span, Integer.toString(status));
      }
    } catch (Exception e) {
      Tracing.failed(span, e);
      throw e;
    } finally {
      span.end();
    }
  }
}
