package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.schemas.Topic;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.system.TraceCollector.Received;

/** One trace from push to alert: see {@link SystemBehaviour}. */
interface TraceBehaviour extends SystemUnderTest {
  String TRACE = "0af7651916cd43dd8448eb211c80319c";
  String CLIENTS_SPAN = "b7ad6b7169203331";
  Map<String, String> CLIENTS_HEADER =
      Map.of("traceparent", "00-" + TRACE + "-" + CLIENTS_SPAN + "-01");

  @Test
  default void aClientsTraceReachesTheAlertThroughEveryService(TestInfo test) throws Exception {
    try (TraceCollector collector = new TraceCollector()) {
      try (RunningSystem system =
          system(test, Map.of("alert-threshold", "0", "otlp-endpoint", collector.endpoint()))
              .start()) {
        system.publishModel(1);
        system.post("/scans", SmallPhantom.file(1), CLIENTS_HEADER);
        String other = system.push(SmallPhantom.file(2));
        system.await(system.topics().alerts(), read -> read.size() == 2);

        // Each span's id is in the header of the resulting record.
        assertThat(headers(system, system.topics().scans(), other)).doesNotContain(TRACE);
        List<String> places =
            Stream.of(
                    system.topics().scans(),
                    system.topics().volumes(),
                    system.topics().predictions(),
                    system.topics().alerts())
                .map(topic -> headerInTrace(system, topic))
                .toList();
        assertThat(places.get(2)).isEqualTo(places.get(3));
        assertThat(places.subList(0, 3)).doesNotHaveDuplicates().doesNotContain(CLIENTS_SPAN);
      }
      // A stopped service has sent its last spans.
      String prefix = test.getTestMethod().orElseThrow().getName() + ".";
      assertThat(path(collector.received(), CLIENTS_SPAN))
          .containsExactly(
              "ingest: POST /scans",
              "ingest: take scan",
              "ingest: send " + prefix + "scans",
              "preprocess-stream: process " + prefix + "scans",
              "scorer: process " + prefix + "volumes");
      assertThat(collector.received())
          .extracting(received -> hex(received.span().getTraceId()))
          .filteredOn(TRACE::equals)
          .hasSize(5);
    }
  }

  @Test
  default void withoutTracingAClientsTraceIsPassedOnAndNoneIsAdded(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of("alert-threshold", "0")).start()) {
      system.publishModel(1);
      system.post("/scans", SmallPhantom.file(1), CLIENTS_HEADER);
      String other = system.push(SmallPhantom.file(2));
      List<? extends Read<?>> alerts =
          system.await(system.topics().alerts(), read -> read.size() == 2);
      String traced =
          alerts.stream()
              .map(Read::key)
              .filter(key -> !key.equals(other))
              .findFirst()
              .orElseThrow();

      for (Topic<?> topic :
          List.of(
              system.topics().scans(),
              system.topics().volumes(),
              system.topics().predictions(),
              system.topics().alerts())) {
        assertThat(headers(system, topic, traced))
            .isEqualTo("traceparent: " + CLIENTS_HEADER.get("traceparent"));
        assertThat(headers(system, topic, other)).isEmpty();
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .noneMatch(name -> name.startsWith("BatchSpanProcessor"));
    }
  }

  /** The chain of spans from a parent on, as long as each has one child. */
  private static List<String> path(List<Received> received, String parent) {
    List<Received> children =
        received.stream().filter(one -> hex(one.span().getParentSpanId()).equals(parent)).toList();
    if (children.isEmpty()) {
      return List.of();
    }
    assertThat(children).hasSize(1);
    Span span = children.get(0).span();
    assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
    return Stream.concat(
            Stream.of(children.get(0).service() + ": " + span.getName()),
            path(received, hex(span.getSpanId())).stream())
        .toList();
  }

  /** The span's id in the header of the one record in the client's trace. */
  private static String headerInTrace(RunningSystem system, Topic<?> topic) {
    List<String> headers =
        system.records(topic).stream()
            .map(TraceBehaviour::headers)
            .filter(header -> header.startsWith("traceparent: 00-" + TRACE))
            .toList();
    assertThat(headers).as(topic.name()).hasSize(1);
    return headers.get(0).split("-")[2];
  }

  private static String headers(RunningSystem system, Topic<?> topic, String key) {
    return system.records(topic).stream()
        .filter(record -> record.key().equals(key))
        .map(TraceBehaviour::headers)
        .collect(Collectors.joining("; "));
  }

  private static String headers(ConsumerRecord<String, byte[]> record) {
    return Arrays.stream(record.headers().toArray())
        .filter(header -> header.key().startsWith("trace"))
        .map(header -> header.key() + ": " + new String(header.value(), StandardCharsets.US_ASCII))
        .collect(Collectors.joining(", "));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
