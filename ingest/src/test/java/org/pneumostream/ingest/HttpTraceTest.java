package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.runtime.Tracing;

/** The trace of a push over HTTP. */
@Timeout(60)
class HttpTraceTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String STATE = "hospital=1";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final Tracing tracing =
      Tracing.by(
          SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build());

  @TempDir Path temp;

  @Test
  void continuesFromTheClientsRequestToTheRecord() throws Exception {
    byte[] scan = Scans.bytes("volume.nii");
    try (HttpFixture http = new HttpFixture(temp, Map.of(), tracing)) {
      var answer = http.push("/scans", scan, Map.of("traceparent", PARENT, "tracestate", STATE));
      assertThat(answer.statusCode()).isEqualTo(202);

      SpanData request = span("POST /scans");
      SpanData take = span("take scan");
      SpanData send = span("send test.scans");
      assertThat(spans.getFinishedSpanItems())
          .hasSize(3)
          .allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(TRACE));
      assertThat(request.getParentSpanId()).isEqualTo("b7ad6b7169203331");
      assertThat(take.getParentSpanId()).isEqualTo(request.getSpanId());
      assertThat(send.getParentSpanId()).isEqualTo(take.getSpanId());
      assertThat(headers(http))
          .isEqualTo(
              Map.of(
                  "traceparent",
                  "00-" + TRACE + "-" + send.getSpanId() + "-01",
                  "tracestate",
                  STATE));

      assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
      assertThat(attribute(request, "http.route")).isEqualTo("/scans");
      assertThat(request.getAttributes().get(AttributeKey.longKey("http.response.status_code")))
          .isEqualTo(202);
      assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
      assertThat(take.getAttributes().get(Tracing.SCAN_ID))
          .isEqualTo(HttpFixture.json(answer).get("scanId").asText());
    }
  }

  @Test
  void beginsWithThePushIfTheClientSendsNone() throws Exception {
    try (HttpFixture http = new HttpFixture(temp, Map.of(), tracing)) {
      http.push("/scans?study=study-17", Scans.bytes("volume.nii"));

      assertThat(span("POST /scans").getParentSpanContext().isValid()).isFalse();
      assertThat(headers(http).get("traceparent"))
          .contains(span("POST /scans").getTraceId(), span("send test.scans").getSpanId());
      assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("study-17");
    }
  }

  @Test
  void recordsTheKindOfFailureAndNothingOfTheScan() throws Exception {
    try (HttpFixture http = new HttpFixture(temp, Map.of(), tracing)) {
      http.push("/scans", "the scan of Jane Doe, which is none".repeat(20).getBytes());
      assertThat(span("take scan").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(attribute(span("take scan"), "error.type")).isEqualTo("not-a-scan");
      // The client is at fault, not the server.
      assertThat(span("POST /scans").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("Jane");

      spans.reset();
      http.kafka.goAway();
      assertThat(http.push("/scans", Scans.bytes("volume.nii")).statusCode()).isEqualTo(503);
      assertThat(attribute(span("POST /scans"), "error.type")).isEqualTo("503");
      assertThat(attribute(span("send test.scans"), "error.type"))
          .isEqualTo("org.apache.kafka.common.errors.TimeoutException");
      assertThat(spans.getFinishedSpanItems())
          .allSatisfy(
              span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }
  }

  @Test
  void passesThroughUnchangedWithoutACollector() throws Exception {
    byte[] scan = Scans.bytes("volume.nii");
    Map<String, String> trace = Map.of("traceparent", PARENT, "tracestate", STATE);
    try (HttpFixture http = new HttpFixture(temp, Map.of(), Tracing.off())) {
      http.push("/scans", scan, trace);
      assertThat(headers(http)).isEqualTo(trace);
    }
  }

  @Test
  void isAbsentWithoutACollectorAndAClientsTrace() throws Exception {
    try (HttpFixture http = new HttpFixture(temp, Map.of(), Tracing.off())) {
      http.push("/scans", Scans.bytes("volume.nii"));
      assertThat(headers(http)).isEmpty();
    }
  }

  @Test
  void continuesFromALabelToItsRecord() throws Exception {
    String label =
        "{\"scanId\":\"%s\",\"finding\":\"normal\",\"annotator\":\"reader-1\"}"
            .formatted("0f".repeat(32));
    try (HttpFixture http = new HttpFixture(temp, Map.of(), tracing)) {
      http.push("/labels", label.getBytes(), Map.of("traceparent", PARENT));

      assertThat(span("send test.labels").getTraceId()).isEqualTo(TRACE);
      assertThat(headers(http).get("traceparent")).contains(span("send test.labels").getSpanId());
    }
  }

  @Test
  void continuesFromAPushToItsLabel() throws Exception {
    try (HttpFixture http = new HttpFixture(temp, Map.of(), tracing)) {
      http.push("/scans?label=normal", Scans.bytes("volume.nii"), Map.of("traceparent", PARENT));

      assertThat(span("send test.labels").getTraceId()).isEqualTo(TRACE);
      assertThat(span("send test.labels").getParentSpanId())
          .isEqualTo(span("take scan").getSpanId());
    }
  }

  /** The one span of that name, which may end only after the client has its answer. */
  private SpanData span(String name) {
    List<SpanData> named = List.of();
    while (named.isEmpty()) {
      named = spans.getFinishedSpanItems().stream().filter(s -> s.getName().equals(name)).toList();
    }
    assertThat(named).hasSize(1);
    return named.get(0);
  }

  private static String attribute(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  /** Headers of the one record that was sent. */
  private static Map<String, String> headers(HttpFixture http) {
    assertThat(http.kafka.producer.history()).hasSize(1);
    Map<String, String> headers = new TreeMap<>();
    Arrays.stream(http.kafka.producer.history().get(0).headers().toArray())
        .forEach(
            header ->
                assertThat(
                        headers.put(
                            header.key(), new String(header.value(), StandardCharsets.US_ASCII)))
                    .isNull());
    return headers;
  }
}
