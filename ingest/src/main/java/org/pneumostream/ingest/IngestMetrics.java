package org.pneumostream.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.pneumostream.ledger.StoreSweep;
import org.pneumostream.runtime.StageMetrics;
import org.pneumostream.schemas.ScanSource;

/**
 * What is counted at the doors. The source is the door; the outcome, what became of a push; the
 * reason, of which kind a refusal was.
 */
final class IngestMetrics {
  private static final String SOURCE = "source";
  private static final String NONE = "none";
  private static final String REJECTED = "rejected";
  private static final String UNAVAILABLE = "unavailable";

  /** Scans are megabytes, the largest gigabytes. */
  private static final double[] SIZES = {1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1 << 30};

  private final MeterRegistry registry;
  private final Counter labels;
  private final Counter sweepsFailed;

  IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    // Counters that are there before they count: what first shows as 1 has no rate.
    received(ScanSource.HTTP, "accepted", NONE);
    labels =
        Counter.builder("pneumostream.labels.received")
            .description("Labels taken over HTTP")
            .register(registry);
    sweepsFailed =
        Counter.builder("pneumostream.scan.store.sweeps.failed")
            .description("Sweeps of the scan store that Kafka or the store did not answer")
            .register(registry);
  }

  void accepted(ScanSource source, Outcome.Accepted scan, Duration time) {
    received(source, scan.alreadyThere() ? "duplicate" : "accepted", NONE).increment();
    DistributionSummary.builder("pneumostream.scan.size")
        .description("Size of a scan as it is published")
        .baseUnit("bytes")
        .serviceLevelObjectives(SIZES)
        .tag(SOURCE, Provenance.name(source))
        .register(registry)
        .record(scan.bytes());
    StageMetrics.timer("pneumostream.push", "From the first byte of a push to the brokers' answer")
        .tag(SOURCE, Provenance.name(source))
        .register(registry)
        .record(time);
  }

  void rejected(ScanSource source, RejectedScanException.Reason reason) {
    received(source, REJECTED, reason.label()).increment();
  }

  /** The bytes of a push ended before the scan did. */
  void brokenOff(ScanSource source) {
    received(source, REJECTED, "broken-off").increment();
  }

  /** Kafka, the registry or the disk did not take a scan, or too much was under way. */
  void unavailable(ScanSource source, UnavailableException cause) {
    boolean isStore = cause.getCause() instanceof StagedBytes.StoreFailure;
    String away = isStore ? "scan-store" : "kafka";
    received(source, UNAVAILABLE, cause instanceof BusyException ? "busy" : away).increment();
  }

  /** The scan store was swept. */
  void swept(StoreSweep.Swept swept) {
    swept("unreferenced").increment(swept.objects());
    swept("half-written").increment(swept.halfWritten());
  }

  /** Kafka or the scan store did not answer a sweep. */
  void sweepFailed() {
    sweepsFailed.increment();
  }

  private Counter swept(String what) {
    return Counter.builder("pneumostream.scan.store.swept")
        .description("Objects removed from the scan store by a sweep")
        .tag("what", what)
        .register(registry);
  }

  void labeled() {
    labels.increment();
  }

  /** How many pushes over HTTP are under way, and how many may be. */
  void pushes(Supplier<Number> underWay, int limit) {
    Gauge.builder("pneumostream.pushes.active", underWay)
        .description("Pushes over HTTP under way")
        .register(registry);
    Gauge.builder("pneumostream.pushes.limit", () -> limit)
        .description("Pushes over HTTP that may be under way (max-concurrent-pushes)")
        .register(registry);
  }

  /** How many files lie in the watched folder. */
  void watched(Supplier<Number> files) {
    Gauge.builder("pneumostream.watched.folder.files", files)
        .description("Files that wait in the watched folder")
        .register(registry);
  }

  /** How long the oldest scan waits that preprocess-stream has not come to, in seconds. */
  void unread(Supplier<Number> seconds) {
    Gauge.builder("pneumostream.scans.unread.age", seconds)
        .description("How long the oldest scan waits that preprocess-stream has not come to")
        .baseUnit("seconds")
        .register(registry);
  }

  private Counter received(ScanSource source, String outcome, String reason) {
    return Counter.builder("pneumostream.scans.received")
        .description("Scans pushed, by what became of them at the door")
        .tag(SOURCE, Provenance.name(source))
        .tag("outcome", outcome)
        .tag("reason", reason)
        .register(registry);
  }
}
