package org.pneumostream.runtime;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * {@code traceparent} and {@code tracestate} of the W3C's Trace Context in headers of records and
 * requests. Malformed headers are ignored.
 */
public final class TraceHeaders {
  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private TraceHeaders() {}

  /** The trace context of a record; the root if it carries none. */
  public static Context read(Headers record) {
    return read(
        name ->
            StreamSupport.stream(record.headers(name).spliterator(), false)
                .filter(header -> header.value() != null)
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .toList());
  }

  /** The trace context of a request; the root if it carries none. */
  static Context read(io.javalin.http.Context request) {
    return read(name -> Collections.list(request.req().getHeaders(name)));
  }

  /** Writes a trace context into a record's headers, replacing an earlier one. */
  public static void write(Context place, Headers record) {
    W3C.fields().forEach(record::remove);
    W3C.inject(
        place,
        record,
        (headers, name, value) -> record.add(name, value.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Context read(Function<String, List<String>> headers) {
    return W3C.extract(Context.root(), headers, Joined.GETTER);
  }

  /** Several state headers form one list; several parent headers count as none. */
  private enum Joined implements TextMapGetter<Function<String, List<String>>> {
    GETTER;

    @Override
    public Iterable<String> keys(Function<String, List<String>> headers) {
      return W3C.fields();
    }

    @Override
    public @Nullable String get(@Nullable Function<String, List<String>> headers, String name) {
      return headers == null ? null : String.join(",", headers.apply(name));
    }
  }
}
