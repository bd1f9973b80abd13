package org.pneumostream.ingest;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.pneumostream.schemas.ScanSource;

/** What is counted at the doors. The source is the door; the reason, the kind of refusal. */
final class IngestMetrics {
  private static final String SOURCE = "source";

  private final MeterRegistry registry;

  IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void accepted(ScanSource source, long bytes, boolean alreadyThere, Duration time) {
    registry
        .counter(
            "pneumostream.ingest.scans.accepted",
            SOURCE,
            Provenance.name(source),
            "already_there",
            Boolean.toString(alreadyThere))
        .increment();
    DistributionSummary.builder("pneumostream.ingest.scan.size")
        .baseUnit("bytes")
        .tag(SOURCE, Provenance.name(source))
        .register(registry)
        .record(bytes);
    Timer.builder("pneumostream.ingest.scan.time")
        .description("From the first byte of a push to the brokers' answer")
        .tag(SOURCE, Provenance.name(source))
        .register(registry)
        .record(time);
  }

  void rejected(ScanSource source, RejectedScanException.Reason reason) {
    registry
        .counter(
            "pneumostream.ingest.scans.rejected",
            SOURCE,
            Provenance.name(source),
            "reason",
            reason.label())
        .increment();
  }

  /** Kafka, the registry or the disk did not take a scan. */
  void unavailable(ScanSource source) {
    registry
        .counter("pneumostream.ingest.scans.unavailable", SOURCE, Provenance.name(source))
        .increment();
  }

  /** A push was turned away because too many were under way. */
  void busy() {
    registry.counter("pneumostream.ingest.pushes.busy").increment();
  }

  /** The scan store was swept. */
  void swept(StoreSweep.Swept swept) {
    registry.counter("pneumostream.ingest.store.swept", "what", "scan").increment(swept.objects());
    registry
        .counter("pneumostream.ingest.store.swept", "what", "half_written")
        .increment(swept.halfWritten());
  }

  /** Kafka or the scan store did not answer a sweep. */
  void sweepFailed() {
    registry.counter("pneumostream.ingest.store.sweeps.failed").increment();
  }

  void labeled() {
    registry.counter("pneumostream.ingest.labels").increment();
  }
}
