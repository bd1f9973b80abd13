package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.runtime.StageMetrics;
import org.pneumostream.schemas.Topics;
import org.pneumostream.support.InMemoryKafka;

/** The producer of Kafka Streams, called in a stream thread's order. */
class BriefTransactionsTest {
  private final Topics topics = InMemoryKafka.topics("");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockProducer<byte[], byte[]> broker =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final BriefTransactions producer =
      new BriefTransactions(
          broker, new StageMetrics(meters, "test", topics.volumes(), topics.deadLetters()));
  private final List<Object> answers = new ArrayList<>();

  @BeforeEach
  void initialize() {
    producer.initTransactions();
  }

  /** Minutes may pass between the two scans. */
  @Test
  void noTransactionIsOpenDuringPreprocessing() {
    producer.beginTransaction();
    send("first");
    assertThat(broker.transactionInFlight()).isFalse();
    send("second");
    assertThat(broker.transactionInFlight()).isFalse();

    commit();

    assertThat(broker.history()).extracting(BriefTransactionsTest::key).contains("first", "second");
    assertThat(broker.consumerGroupOffsetsHistory()).hasSize(1);
    assertThat(broker.commitCount()).isEqualTo(1);
    assertThat(answers).hasSize(2).allMatch(Long.class::isInstance);
  }

  @Test
  void offsetsAloneFormATransaction() {
    producer.beginTransaction();
    commit();

    assertThat(broker.commitCount()).isEqualTo(1);
    assertThat(broker.consumerGroupOffsetsHistory()).hasSize(1);
  }

  @Test
  void recordsAbortedBeforeTheFlushNeverReachTheBroker() {
    producer.beginTransaction();
    send("given up");
    producer.abortTransaction();
    producer.beginTransaction();
    send("kept");
    commit();

    assertThat(broker.history()).extracting(BriefTransactionsTest::key).containsExactly("kept");
    assertThat(meters.counter("pneumostream.scans.processed", "stage", "test").count())
        .isEqualTo(1);
  }

  @Test
  void recordsAbortedAfterTheFlushAreAbortedOnTheBroker() {
    producer.beginTransaction();
    send("given up");
    producer.flush();
    producer.abortTransaction();

    assertThat(broker.transactionAborted()).isTrue();
    assertThat(broker.history()).isEmpty();
  }

  /** Kafka Streams reads the reason from the callback and rejoins its group. */
  @Test
  void aFencedProducerFailsTheCallbackOfEachRecord() {
    producer.beginTransaction();
    send("first");
    send("second");
    broker.fenceProducer();
    producer.flush();

    assertThat(answers).hasSize(2).allMatch(ProducerFencedException.class::isInstance);
  }

  private void send(String key) {
    var unused =
        producer.send(
            new ProducerRecord<>(topics.volumes().name(), 0, key.getBytes(), new byte[1]),
            (written, failure) -> answers.add(failure == null ? written.offset() : failure));
  }

  private void commit() {
    producer.flush();
    producer.sendOffsetsToTransaction(
        Map.of(new TopicPartition("scans", 0), new OffsetAndMetadata(1)),
        new ConsumerGroupMetadata("group"));
    producer.commitTransaction();
  }

  private static String key(ProducerRecord<byte[], byte[]> record) {
    return new String(record.key());
  }
}
