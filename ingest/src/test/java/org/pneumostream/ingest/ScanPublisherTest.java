package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.service.Tracing;

class ScanPublisherTest {
  private static final String ID = "ab".repeat(32);
  private static final Instant RECEIVED = Instant.ofEpochMilli(1_700_000_000_000L);

  private final KafkaDouble kafka = new KafkaDouble();
  private final PublishedScans published =
      new PublishedScans("test.scans", "test.dead-letters", new MockConsumer<>("earliest"));
  private final ScanPublisher publisher =
      ScanPublisher.to(kafka.topics, sender(kafka.producer), published);

  @Test
  void writesTheScanUnderItsId() throws Exception {
    Receipt receipt = publisher.publish(scan(null));

    assertThat(receipt).isEqualTo(new Receipt(ID, "test.scans", 0, 0, false));
    ProducerRecord<String, byte[]> record = kafka.producer.history().get(0);
    assertThat(record.key()).isEqualTo(ID);
    assertThat(kafka.topics.scans().value(record.value())).isEqualTo(scan(null).scan());
  }

  @Test
  void writesAScanThatIsAlreadyThereNotAgain() throws Exception {
    publisher.publish(scan(null));

    assertThat(publisher.publish(scan(null))).isEqualTo(new Receipt(ID, "test.scans", 0, 0, true));
    assertThat(kafka.producer.history()).hasSize(1);
  }

  @Test
  void writesTheFindingBehindTheScanAsALabel() throws Exception {
    assertThat(publisher.publish(scan(Finding.ABNORMAL)))
        .isEqualTo(new Receipt(ID, "test.scans", 0, 0, false));

    assertThat(kafka.producer.history())
        .extracting(ProducerRecord::topic, ProducerRecord::key)
        .containsExactly(tuple("test.scans", ID), tuple("test.labels", ID));
    assertThat(label(1)).isEqualTo(new Label(Finding.ABNORMAL, "push", RECEIVED));
  }

  @Test
  void writesAFindingEvenIfTheScanIsAlreadyThere() throws Exception {
    publisher.publish(scan(null));

    assertThat(publisher.publish(scan(Finding.ABNORMAL)))
        .isEqualTo(new Receipt(ID, "test.scans", 0, 0, true));
    assertThat(kafka.producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly("test.scans", "test.labels");
    assertThat(label(1).getFinding()).isEqualTo(Finding.ABNORMAL);
  }

  @Test
  void writesNoFindingOfAScanThatWasNotTaken() {
    kafka.goAway();

    assertThatThrownBy(() -> publisher.publish(scan(Finding.ABNORMAL)))
        .isInstanceOf(UnavailableException.class);
    assertThat(kafka.producer.history()).isEmpty();
  }

  @Test
  void knowsNothingWithoutAnIndex() throws Exception {
    ScanPublisher forCommands = ScanPublisher.to(kafka.topics, sender(kafka.producer));
    forCommands.publish(scan(null));

    assertThat(forCommands.publish(scan(null)).alreadyThere()).isFalse();
    assertThat(kafka.producer.history()).hasSize(2);
  }

  @Test
  void saysThatKafkaIsAwayAndDoesNotCountTheScanAsThere() throws Exception {
    kafka.goAway();
    assertThatThrownBy(() -> publisher.publish(scan(null)))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("Kafka: no broker within 1000 ms");

    kafka.comeBack();
    assertThat(publisher.publish(scan(null)).alreadyThere()).isFalse();
  }

  @Test
  void waitsForTheBrokersAnswer() throws Exception {
    MockProducer<String, byte[]> slow =
        new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    ScanPublisher waiting = ScanPublisher.to(kafka.topics, sender(slow), published);

    CompletableFuture<Receipt> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return waiting.publish(scan(null));
              } catch (UnavailableException e) {
                throw new IllegalStateException(e);
              }
            });
    while (!slow.errorNext(new NotEnoughReplicasException("2 of 3 are away"))) {
      assertThat(answer).isNotDone();
      Thread.onSpinWait();
    }

    assertThat(answer)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("2 of 3 are away");
    assertThat(published.size()).isZero();
  }

  @Test
  void boundsTheWaitByTheSetting() {
    assertThat(RecordSender.producerSettings(Duration.ofSeconds(20)))
        .isEqualTo(
            Map.of(
                "max.block.ms", 10_000,
                "delivery.timeout.ms", 10_000,
                "request.timeout.ms", 10_000));
  }

  private Label label(int index) {
    return kafka.topics.labels().value(kafka.producer.history().get(index).value());
  }

  private static RecordSender sender(Producer<String, byte[]> producer) {
    return new RecordSender(producer, Tracing.off());
  }

  private static AcceptedScan scan(Finding finding) {
    return new AcceptedScan(
        ID,
        Scan.newBuilder()
            .setReceivedAt(RECEIVED)
            .setSource(ScanSource.HTTP)
            .setFinding(finding)
            .setContent(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .build());
  }
}
