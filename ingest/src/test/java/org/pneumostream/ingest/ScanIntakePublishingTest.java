package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.ScanSource;

/** What a push writes to the scan store and to Kafka, and in which order. */
class ScanIntakePublishingTest {
  /** Smaller than any scan, so that all go to the scan store. */
  private static final int INLINE_MAX_BYTES = 64;

  @TempDir Path store;

  private IntakeFixture fixture;
  private String id;

  @BeforeEach
  void open() throws Exception {
    fixture = Scans.intake(store, INLINE_MAX_BYTES, Scans.MIB);
    id = Scans.id("volume.nii.gz");
  }

  @Test
  void publishesTheScanUnderItsId() throws Exception {
    assertThat(push(Optional.empty())).isEqualTo(accepted(false));
    assertThat(fixture.sent()).containsExactly(id);
  }

  @Test
  void doesNotPublishAKnownScanAgain() throws Exception {
    push(Optional.empty());

    assertThat(push(Optional.empty())).isEqualTo(accepted(true));
    assertThat(fixture.sent()).containsExactly(id);
  }

  @Test
  void writesTheFindingAsALabelAfterTheScan() throws Exception {
    assertThat(push(Optional.of(Finding.ABNORMAL))).isEqualTo(accepted(false));

    assertThat(fixture.kafka.producer.history())
        .extracting(ProducerRecord::topic, ProducerRecord::key)
        .containsExactly(tuple("test.scans", id), tuple("test.labels", id));
    assertThat(label(1)).isEqualTo(new Label(Finding.ABNORMAL, "push", Scans.NOW));
  }

  @Test
  void writesTheFindingOfAKnownScan() throws Exception {
    push(Optional.empty());

    assertThat(push(Optional.of(Finding.ABNORMAL))).isEqualTo(accepted(true));
    assertThat(fixture.kafka.producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly("test.scans", "test.labels");
    assertThat(label(1).getFinding()).isEqualTo(Finding.ABNORMAL);
  }

  @Test
  void writesNoFindingOfARejectedScan() {
    fixture.kafka.goAway();

    assertThatThrownBy(() -> push(Optional.of(Finding.ABNORMAL)))
        .isInstanceOf(UnavailableException.class);
    assertThat(fixture.sent()).isEmpty();
  }

  @Test
  void publishesAgainIfKnownScansAreNotTracked() throws Exception {
    ScanIntake forCommands =
        intake(
            ScanPublisher.to(
                fixture.kafka.topics, new RecordSender(fixture.kafka.producer, Tracing.off())));

    assertThat(push(forCommands, Optional.empty()).alreadyThere()).isFalse();
    assertThat(push(forCommands, Optional.empty()).alreadyThere()).isFalse();
    assertThat(fixture.sent()).containsExactly(id, id);
  }

  @Test
  void aScanIsNotKnownIfKafkaIsUnavailable() throws Exception {
    fixture.kafka.goAway();
    assertThatThrownBy(() -> push(Optional.empty()))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("Kafka: no broker within 1000 ms");

    fixture.kafka.comeBack();
    assertThat(push(Optional.empty()).alreadyThere()).isFalse();
  }

  @Test
  void waitsForTheBrokersAnswer() throws Exception {
    MockProducer<String, byte[]> slow =
        new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    ScanIntake waiting =
        intake(
            ScanPublisher.to(
                fixture.kafka.topics, new RecordSender(slow, Tracing.off()), fixture.published));

    CompletableFuture<Outcome> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return push(waiting, Optional.empty());
              } catch (Exception e) {
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
    assertThat(fixture.published.size()).isZero();
  }

  @Test
  void limitsTheWaitByTheSetting() {
    assertThat(RecordSender.producerSettings(Duration.ofSeconds(20)))
        .isEqualTo(
            Map.of(
                "max.block.ms", 10_000,
                "delivery.timeout.ms", 10_000,
                "request.timeout.ms", 10_000));
  }

  private Label label(int index) {
    return fixture.kafka.topics.labels().value(fixture.kafka.producer.history().get(index).value());
  }

  private Outcome.Accepted accepted(boolean alreadyThere) {
    long bytes =
        fixture
            .kafka
            .topics
            .scans()
            .value(fixture.kafka.producer.history().get(0).value())
            .getReference()
            .getLength();
    return new Outcome.Accepted(new Receipt(id, "test.scans", 0, 0), alreadyThere, bytes);
  }

  private Outcome.Accepted push(Optional<Finding> finding) throws Exception {
    return push(fixture.intake, finding);
  }

  private static Outcome.Accepted push(ScanIntake intake, Optional<Finding> finding)
      throws Exception {
    Provenance provenance = new Provenance(ScanSource.HTTP, Optional.empty(), finding);
    return (Outcome.Accepted)
        intake.accept(new StreamedScan(Scans.stream(Scans.bytes("volume.nii.gz"))), provenance);
  }

  private ScanIntake intake(ScanPublisher publisher) {
    return new ScanIntake(
        Scans.config(INLINE_MAX_BYTES, Scans.MIB),
        new DirectoryScanStore(store),
        publisher,
        new IngestMetrics(new CompositeMeterRegistry()),
        Tracing.off(),
        Clock.fixed(Scans.NOW, ZoneOffset.UTC));
  }
}
