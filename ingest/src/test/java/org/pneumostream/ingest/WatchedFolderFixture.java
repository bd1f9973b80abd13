package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.support.InMemoryKafka;

/** A watched folder whose clock and whose failures the test sets. */
abstract class WatchedFolderFixture {
  static final Duration SETTLE = Duration.ofSeconds(2);

  @TempDir Path temp;

  final HandClock clock = new HandClock();
  final InMemoryKafka kafka = new InMemoryKafka();
  Path inbox;
  Exception hindrance;
  WatchedFolder folder;

  @BeforeEach
  void open() throws IOException {
    inbox = Files.createDirectory(temp.resolve("inbox"));
    folder = new WatchedFolder(inbox, SETTLE, clock, new HinderedIntake());
  }

  List<String> ids() {
    assertThat(kafka.producer.history())
        .allSatisfy(
            record ->
                assertThat(kafka.topics.scans().value(record.value()).getSource())
                    .isEqualTo(ScanSource.WATCHED_FOLDER));
    return kafka.producer.history().stream().map(ProducerRecord::key).toList();
  }

  void bring(String scan, String name) throws IOException {
    Files.copy(Scans.path(scan), inbox.resolve(name));
  }

  void settle() {
    folder.look();
    clock.pass(SETTLE);
    folder.look();
  }

  /** An intake with the failure that the test sets. */
  final class HinderedIntake extends ScanIntake {
    HinderedIntake() {
      super(
          Scans.config(Scans.MIB, Scans.MIB),
          new DirectoryScanStore(temp.resolve("store")),
          ScanPublisher.to(kafka.topics, new RecordSender(kafka.producer, Tracing.off())),
          new IngestMetrics(new CompositeMeterRegistry()),
          Tracing.off(),
          clock);
    }

    @Override
    Outcome accept(PushedScan pushed, Provenance provenance)
        throws UnavailableException, IOException {
      if (hindrance instanceof UnavailableException away) {
        throw away;
      }
      if (hindrance instanceof RuntimeException defect) {
        throw defect;
      }
      if (hindrance instanceof IOException broken) {
        throw broken;
      }
      return super.accept(pushed, provenance);
    }
  }

  /** A clock that only the test moves. */
  static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-11-23T09:30:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
