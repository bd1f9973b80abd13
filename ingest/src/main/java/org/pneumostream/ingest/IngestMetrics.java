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
 * Metrics of the doors. Tags: the source is the door, the outcome is the result of a push, and the
 * reason is the kind of a refusal.
 */
final class IngestMetrics {
  private static final String SOURCE = "source";
  private static final String NONE = "none";
  private static final String REJECTED = "rejected";
  private static final String UNAVAILABLE = "unavailable";

  /** Scans are megabytes, the largest ones gigabytes. */
  private static final double[] SIZES = {1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1 << 30};

  private final MeterRegistry registry;
  private final Counter labels;
  private final Counter sweepsFailed;

  IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    // Registered before they count, since a counter that first appears with 1 has no rate.
    received(ScanSource.HTTP, "accepted", NONE);
    labels =
        Counter.builder("pneumostream.labels.received")
            .description("Labels received over HTTP")
            .register(registry);
    sweepsFailed =
        Counter.builder("pneumostream.scan.store.sweeps.failed")
            .description(
                "Sweeps of the scan store that failed because Kafka or the store did not answer")
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

  /** A push ended before its scan was complete. */
  void brokenOff(ScanSource source) {
    received(source, REJECTED, "broken-off").increment();
  }

  /** Kafka, the registry or the disk did not accept a scan, or too many were in flight. */
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

  /** Registers the number of in-flight pushes over HTTP, and their limit. */
  void pushes(Supplier<Number> underWay, int limit) {
    Gauge.builder("pneumostream.pushes.active", underWay)
        .description("Pushes over HTTP in flight")
        .register(registry);
    Gauge.builder("pneumostream.pushes.limit", () -> limit)
        .description("Most pushes over HTTP in flight (max-concurrent-pushes)")
        .register(registry);
  }

  /** Registers the number of files in the watched folder. */
  void watched(Supplier<Number> files) {
    Gauge.builder("pneumostream.watched.folder.files", files)
        .description("Files waiting in the watched folder")
        .register(registry);
  }

  /**
   * Registers the waiting time of the oldest scan that preprocess-stream has not read, in seconds.
   */
  void unread(Supplier<Number> seconds) {
    Gauge.builder("pneumostream.scans.unread.age", seconds)
        .description("Waiting time of the oldest scan that preprocess-stream has not read")
        .baseUnit("seconds")
        .register(registry);
  }

  private Counter received(ScanSource source, String outcome, String reason) {
    return Counter.builder("pneumostream.scans.received")
        .description("Scans pushed, by outcome at the door")
        .tag(SOURCE, Provenance.name(source))
        .tag("outcome", outcome)
        .tag("reason", reason)
        .register(registry);
  }
}
