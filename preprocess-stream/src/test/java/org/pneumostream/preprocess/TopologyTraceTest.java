package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Scan;

/** The traces of records on their way through the real topology. */
class TopologyTraceTest {
  private static final String SCAN_ID = TopologyFixture.SCAN_ID;
  private static final String SCANS_TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SCANS_PARENT = "00-" + SCANS_TRACE + "-b7ad6b7169203331-01";
  private static final String LABELS_PARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  @AutoClose private final TopologyFixture topology;

  TopologyTraceTest(@TempDir Path directory) {
    topology =
        new TopologyFixture(
            directory,
            Tracing.by(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build()));
  }

  @Test
  void aVolumeCarriesItsOwnSpanInsteadOfItsScans() throws Exception {
    push(TopologyFixture.scan(1), SCANS_PARENT);

    SpanData span = onlySpan();
    assertThat(span.getName()).isEqualTo("process scans");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getTraceId()).isEqualTo(SCANS_TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(texts(topology.volumes.readRecord().headers())).containsExactly(carried(span));
  }

  @Test
  void aScanWithoutATraceBeginsOne() throws Exception {
    push(TopologyFixture.scan(1), null);

    assertThat(onlySpan().getParentSpanContext().isValid()).isFalse();
    assertThat(texts(topology.volumes.readRecord().headers())).containsExactly(carried(onlySpan()));
  }

  @Test
  void theDeadLetterOfAFailedScanCarriesTheFailedSpan() throws IOException {
    push(TopologyFixture.scan("no scan".getBytes(StandardCharsets.UTF_8)), SCANS_PARENT);

    SpanData span = onlySpan();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("org.pneumostream.jdata.InvalidDataException");
    assertThat(texts(topology.deadLetters.readRecord().headers())).containsExactly(carried(span));
  }

  @Test
  void theDeadLetterOfAnUnreadableRecordCarriesASpan() {
    topology.scans.pipeInput(
        new TestRecord<>(SCAN_ID, "junk".getBytes(StandardCharsets.UTF_8), headers(SCANS_PARENT)));

    SpanData span = onlySpan();
    assertThat(span.getTraceId()).isEqualTo(SCANS_TRACE);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(texts(topology.deadLetters.readRecord().headers())).containsExactly(carried(span));
  }

  @Test
  void aLabeledVolumeContinuesTheTraceOfTheLaterRecord() throws Exception {
    push(TopologyFixture.scan(1), SCANS_PARENT);
    label(LABELS_PARENT);

    assertThat(texts(topology.labeledVolumes.readRecord().headers()))
        .containsExactly(entry("traceparent", LABELS_PARENT));
  }

  @Test
  void aVolumeAfterItsLabelContinuesTheScansTrace() throws Exception {
    label(LABELS_PARENT);
    push(TopologyFixture.scan(1), SCANS_PARENT);

    assertThat(texts(topology.labeledVolumes.readRecord().headers()))
        .containsExactly(carried(onlySpan()));
  }

  private void push(Scan scan, String parent) {
    byte[] bytes = topology.topics.scans().record(SCAN_ID, scan).value();
    topology.scans.pipeInput(new TestRecord<>(SCAN_ID, bytes, headers(parent)));
  }

  private void label(String parent) {
    Label label = new Label(Finding.NORMAL, "reader-1", TopologyFixture.RECEIVED);
    byte[] bytes = topology.topics.labels().record(SCAN_ID, label).value();
    topology.labels.pipeInput(new TestRecord<>(SCAN_ID, bytes, headers(parent)));
  }

  private SpanData onlySpan() {
    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    return spans.getFinishedSpanItems().get(0);
  }

  private static Headers headers(String parent) {
    RecordHeaders headers = new RecordHeaders();
    if (parent != null) {
      headers.add("traceparent", parent.getBytes(StandardCharsets.US_ASCII));
    }
    return headers;
  }

  private static Map.Entry<String, String> carried(SpanData span) {
    String flags = span.getSpanContext().getTraceFlags().asHex();
    return entry("traceparent", "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + flags);
  }

  private static List<Map.Entry<String, String>> texts(Headers headers) {
    return Arrays.stream(headers.toArray())
        .filter(header -> header.key().startsWith("trace"))
        .<Map.Entry<String, String>>map(
            header -> entry(header.key(), new String(header.value(), StandardCharsets.US_ASCII)))
        .toList();
  }
}
