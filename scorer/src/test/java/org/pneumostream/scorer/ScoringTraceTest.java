package org.pneumostream.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.Precision;
import org.pneumostream.runtime.LetterRoom;
import org.pneumostream.runtime.LostPosition;
import org.pneumostream.runtime.Tracing;

/** The traces of volumes that are scored in one batch. */
class ScoringTraceTest {
  private static final String FIRST = "0af7651916cd43dd8448eb211c80319c";
  private static final String SECOND = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "b7ad6b7169203331";

  private final ScorerFixture fixture = new ScorerFixture();
  private final TopicPartition partition = new TopicPartition(fixture.topics.volumes().name(), 0);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private ScoringLoop loop;

  @BeforeEach
  void join() {
    ScorerConfig config =
        new ScorerConfig(
            "pneumonia",
            ScorerFixture.SHAPE,
            Precision.FULL,
            3,
            Duration.ofSeconds(1),
            0,
            LostPosition.STOP,
            0);
    Queue<Champion> champions = new ArrayDeque<>();
    champions.add(Champion.load(ScorerFixture.model("1", 1), ScorerFixture.SHAPE, Precision.FULL));
    consumer.setMaxPollRecords(1);
    loop =
        new ScoringLoop(
            consumer,
            producer,
            () -> Optional.ofNullable(champions.poll()),
            partitions -> Map.of(),
            new BatchScorer(
                fixture.topics, 0, new LetterRoom(1 << 20), InstantSource.fixed(ScorerFixture.NOW)),
            config,
            new ScorerMetrics(
                new SimpleMeterRegistry(), fixture.topics, InstantSource.fixed(ScorerFixture.NOW)),
            Tracing.by(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build()));
    loop.subscribe(partition.topic());
    consumer.rebalance(List.of(partition));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
  }

  @AfterEach
  void free() {
    loop.close();
  }

  @Test
  void answersContinueTheTraceOfTheirVolume() {
    offer(fixture.record(0, "a", ScorerFixture.volume(1)), FIRST);
    offer(fixture.record(1, "b", ScorerFixture.volume(2)), SECOND);
    offer(new ConsumerRecord<>(partition.topic(), 0, 2, "c", new byte[] {1, 2}), FIRST);

    loop.round();

    assertThat(spans.getFinishedSpanItems()).hasSize(3);
    for (long offset = 0; offset < 3; offset++) {
      SpanData span = span(offset);
      assertThat(span.getName()).isEqualTo("process volumes");
      assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
      assertThat(span.getTraceId()).isEqualTo(offset == 1 ? SECOND : FIRST);
      assertThat(span.getParentSpanId()).isEqualTo(SPAN);
      assertThat(span.getAttributes().get(AttributeKey.longKey("messaging.batch.message_count")))
          .isEqualTo(3);
    }
    assertThat(carried("predictions", "a")).isEqualTo(carried("alerts", "a")).isEqualTo(by(0));
    assertThat(carried("predictions", "b")).isEqualTo(carried("alerts", "b")).isEqualTo(by(1));
    assertThat(carried("dead-letters", "c")).isEqualTo(by(2));
    assertThat(span(0).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span(2).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void anAbortedBatchHasFailedSpans() {
    offer(fixture.record(0, "a", ScorerFixture.volume(1)), FIRST);
    producer.commitTransactionException = new KafkaException("the coordinator has moved");

    loop.round();

    assertThat(span(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span(0).getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("org.apache.kafka.common.KafkaException");
  }

  @Test
  void aTombstoneHasNoSpan() {
    offer(fixture.record(0, "a", null), FIRST);

    loop.round();

    assertThat(producer.history()).hasSize(3);
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  private void offer(ConsumerRecord<String, byte[]> record, String trace) {
    String parent = "00-" + trace + "-" + SPAN + "-01";
    record.headers().add("traceparent", parent.getBytes(StandardCharsets.US_ASCII));
    consumer.addRecord(record);
  }

  private SpanData span(long offset) {
    return spans.getFinishedSpanItems().stream()
        .filter(
            span ->
                span.getAttributes().get(AttributeKey.longKey("messaging.kafka.offset")) == offset)
        .findFirst()
        .orElseThrow();
  }

  private String by(long offset) {
    SpanData span = span(offset);
    return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01";
  }

  /** The one {@code traceparent} of the one record of a key. */
  private String carried(String topic, String key) {
    List<ProducerRecord<String, byte[]>> records =
        producer.history().stream()
            .filter(record -> record.topic().equals(topic) && record.key().equals(key))
            .toList();
    assertThat(records).hasSize(1);
    List<String> parents =
        StreamSupport.stream(records.get(0).headers().headers("traceparent").spliterator(), false)
            .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
            .toList();
    assertThat(parents).hasSize(1);
    return parents.get(0);
  }
}
