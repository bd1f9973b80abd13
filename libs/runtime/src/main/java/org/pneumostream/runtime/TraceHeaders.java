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
 * {@code traceparent} and {@code tracestate}, as the W3C's Trace Context has them, in the headers
 * of records and requests. What is malformed counts as not there.
 */
public final class TraceHeaders {
  private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

  private TraceHeaders() {}

  /** The place in a trace that a record carries; the root if it carries none. */
  public static Context read(Headers record) {
    return read(
        name ->
            StreamSupport.stream(record.headers(name).spliterator(), false)
                .filter(header -> header.value() != null)
                .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                .toList());
  }

  /** The place in a trace that a request carries; the root if it carries none. */
  static Context read(io.javalin.http.Context request) {
    return read(name -> Collections.list(request.req().getHeaders(name)));
  }

  /** Makes a record carry this place in a trace, instead of what it carried before. */
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

  /** A state in several headers is one list; a parent in several headers is none. */
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
