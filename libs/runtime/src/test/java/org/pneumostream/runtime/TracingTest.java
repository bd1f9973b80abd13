package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String STATE = "hospital=t61rcWkgMzE,other=1";
  private static final String SCAN_ID = "0f".repeat(32);

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final Tracing tracing =
      Tracing.by(
          SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build());

  @Test
  void continuesTheTraceOfARecordAndReplacesItsHeader() {
    RecordHeaders headers = headers("traceparent", PARENT, "tracestate", STATE, "retry-of", "3");

    Span span = tracing.processing("t.scans", 2, 7, SCAN_ID, headers);
    TraceHeaders.write(Context.root().with(span), headers);
    span.end();

    String id = span.getSpanContext().getSpanId();
    assertThat(texts(headers))
        .containsExactlyInAnyOrder(
            entry("traceparent", "00-" + TRACE + "-" + id + "-01"),
            entry("tracestate", STATE),
            entry("retry-of", "3"));
    assertThat(only().getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(id).isNotEqualTo("b7ad6b7169203331");
  }

  @Test
  void spanNamesFollowTheMessagingConventions() {
    tracing.processing("t.scans", 2, 7, SCAN_ID, new RecordHeaders()).end();

    assertThat(only().getName()).isEqualTo("process t.scans");
    assertThat(only().getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(attributes())
        .containsOnly(
            entry("messaging.system", "kafka"),
            entry("messaging.operation.name", "process"),
            entry("messaging.operation.type", "process"),
            entry("messaging.destination.name", "t.scans"),
            entry("messaging.destination.partition.id", "2"),
            entry("messaging.kafka.offset", 7L),
            entry("messaging.kafka.message.key", SCAN_ID));
  }

  @Test
  void omitsAKeyThatIsNotAScanId() {
    tracing.sending("t.scans", "Jane Doe").end();

    assertThat(only().getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(attributes().values()).noneMatch(value -> value.toString().contains("Jane"));
  }

  @Test
  void recordsTheTypeOfAFailureAndNotItsMessage() {
    Span span = tracing.sending("t.scans", SCAN_ID);
    Tracing.failed(span, new IllegalStateException("the scan of Jane Doe"));
    span.end();

    assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attributes()).containsEntry("error.type", "java.lang.IllegalStateException");
    assertThat(only().toString()).doesNotContain("Jane");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,"
            + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      })
  void beginsATraceIfTheParentIsMalformed(String parent) {
    tracing.processing("t.scans", 0, 0, SCAN_ID, headers("traceparent", parent)).end();

    assertThat(only().getParentSpanContext().isValid()).isFalse();
    assertThat(only().getTraceId()).isNotEqualTo(TRACE);
  }

  @Test
  void ignoresTwoParentsAndHeadersWithoutValue() {
    RecordHeaders two = headers("traceparent", PARENT);
    two.add("traceparent", PARENT.getBytes(StandardCharsets.US_ASCII));
    RecordHeaders none = new RecordHeaders();
    none.add("traceparent", null);

    assertThat(Span.fromContext(TraceHeaders.read(two)).getSpanContext().isValid()).isFalse();
    assertThat(Span.fromContext(TraceHeaders.read(none)).getSpanContext().isValid()).isFalse();
  }

  @Test
  void withoutACollectorItPassesTheContextOnUnchanged() {
    RecordHeaders came = headers("traceparent", PARENT, "tracestate", STATE);
    TraceHeaders.write(carriedOn(came), came);
    RecordHeaders none = new RecordHeaders();
    TraceHeaders.write(carriedOn(none), none);

    assertThat(texts(came))
        .containsExactlyInAnyOrder(entry("traceparent", PARENT), entry("tracestate", STATE));
    assertThat(none.toArray()).isEmpty();
  }

  private static Context carriedOn(RecordHeaders headers) {
    return Context.root().with(Tracing.off().processing("t.scans", 0, 0, SCAN_ID, headers));
  }

  @Test
  void aThreadSendsSpansOnlyIfAnEndpointIsSet() throws Exception {
    Set<Thread> before = exporterThreads();
    try (Tracing off = Tracing.from(settings(Map.of("otlp-endpoint", "")), "off")) {
      off.span("nothing").startSpan().end();
      assertThat(before).containsAll(exporterThreads());
    }
    Set<Thread> sending;
    try (Tracing on = to("http://127.0.0.1:1")) {
      on.span("something").startSpan().end();
      sending = exporterThreads();
      sending.removeAll(before);
      assertThat(sending).hasSize(1);
    }
    Thread exporter = sending.iterator().next();
    exporter.join(10_000);
    assertThat(exporter.isAlive()).isFalse();
  }

  @Test
  void recordsAShareOfTracesAndPassesTheOthersOn() {
    try (Tracing none =
        Tracing.from(
            settings(Map.of("otlp-endpoint", "http://127.0.0.1:1", "trace-sample-ratio", "0")),
            "none")) {
      Span begun = none.sending("t.scans", SCAN_ID);
      Span asked = none.processing("t.scans", 0, 0, SCAN_ID, headers("traceparent", PARENT));

      assertThat(begun.isRecording()).isFalse();
      assertThat(begun.getSpanContext().isValid()).isTrue();
      assertThat(asked.isRecording()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:4318",
        "grpc://localhost:4317",
        "http://",
        "http:///v1/traces",
        "http://user:password@localhost",
        "http://localhost?a=b",
        "not a url",
      })
  void anInvalidEndpointStopsTheStart(String endpoint) {
    assertThatThrownBy(() -> to(endpoint))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("otlp-endpoint: ");
  }

  private static Tracing to(String endpoint) {
    return Tracing.from(settings(Map.of("otlp-endpoint", endpoint)), "test");
  }

  private static Settings settings(Map<String, String> values) {
    return Settings.of(TracingConfig.ALL, values);
  }

  private static Set<Thread> exporterThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("BatchSpanProcessor"))
        .collect(Collectors.toSet());
  }

  private SpanData only() {
    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    return spans.getFinishedSpanItems().get(0);
  }

  private Map<String, Object> attributes() {
    Map<String, Object> attributes = new HashMap<>();
    only().getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
    return attributes;
  }

  private static RecordHeaders headers(String... namesAndValues) {
    RecordHeaders headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(StandardCharsets.US_ASCII));
    }
    return headers;
  }

  private static List<Map.Entry<String, String>> texts(RecordHeaders headers) {
    return Arrays.stream(headers.toArray())
        .map((Header header) -> entry(header.key(), new String(header.value())))
        .map(entry -> (Map.Entry<String, String>) entry)
        .toList();
  }
}
