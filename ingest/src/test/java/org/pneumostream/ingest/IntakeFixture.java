package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Scan;
import org.pneumostream.support.InMemoryKafka;

/** An intake with a Kafka double, and what it has published. */
final class IntakeFixture {
  /** A published scan. */
  record Taken(String scanId, Scan scan, long bytes) {}

  final InMemoryKafka kafka = new InMemoryKafka();
  final PublishedScans published =
      new PublishedScans("test.scans", "test.dead-letters", new MockConsumer<>("earliest"));
  final ScanIntake intake;

  IntakeFixture(IngestConfig config, ScanStore store, Clock clock) {
    RecordSender sender = new RecordSender(kafka.producer, Tracing.off());
    intake =
        new ScanIntake(
            config,
            store,
            ScanPublisher.to(kafka.topics, sender, published),
            new IngestMetrics(new CompositeMeterRegistry()),
            Tracing.off(),
            clock);
  }

  Taken accept(InputStream pushed, Provenance provenance) throws Exception {
    return accept(new StreamedScan(pushed), provenance);
  }

  /** Pushes a scan that must be accepted. */
  Taken accept(PushedScan pushed, Provenance provenance) throws UnavailableException, IOException {
    Outcome outcome = intake.accept(pushed, provenance);
    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    Outcome.Accepted accepted = (Outcome.Accepted) outcome;
    return new Taken(accepted.receipt().scanId(), scan(accepted.receipt()), accepted.bytes());
  }

  /** Pushes a scan that must be rejected; returns the reason. */
  Outcome.Rejected reject(InputStream pushed, Provenance provenance)
      throws UnavailableException, IOException {
    return reject(new StreamedScan(pushed), provenance);
  }

  Outcome.Rejected reject(PushedScan pushed, Provenance provenance)
      throws UnavailableException, IOException {
    Outcome outcome = intake.accept(pushed, provenance);
    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
    assertThat(kafka.producer.history()).isEmpty();
    return (Outcome.Rejected) outcome;
  }

  /** Ids of the scans that were sent, in their order. */
  List<String> sent() {
    return kafka.producer.history().stream().map(ProducerRecord::key).toList();
  }

  private Scan scan(Receipt receipt) {
    return kafka
        .topics
        .scans()
        .value(
            kafka.producer.history().stream()
                .filter(record -> record.topic().equals(receipt.topic()))
                .filter(record -> record.key().equals(receipt.scanId()))
                .findFirst()
                .orElseThrow()
                .value());
  }
}
