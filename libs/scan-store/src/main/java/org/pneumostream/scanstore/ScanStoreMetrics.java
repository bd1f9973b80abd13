package org.pneumostream.scanstore;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Free space, and required free space, on the disk through which scans go into the store. */
public final class ScanStoreMetrics implements MeterBinder {
  private final Path directory;
  private final long minFreeBytes;

  public ScanStoreMetrics(ScanStoreConfig config) {
    directory = config.directory().toAbsolutePath();
    minFreeBytes = config.minFreeBytes();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("pneumostream.scan.store.free", this::freeBytes)
        .description("Free bytes on the disk through which scans go into the scan store")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("pneumostream.scan.store.min.free", () -> minFreeBytes)
        .description("Free bytes below which no scan goes into the scan store")
        .baseUnit("bytes")
        .register(registry);
  }

  /**
   * The store's directory is created with its first object; until then its parent's disk counts.
   */
  private long freeBytes() {
    Path there = directory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there.toFile().getUsableSpace();
  }
}
