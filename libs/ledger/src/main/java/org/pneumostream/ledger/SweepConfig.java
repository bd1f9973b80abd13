package org.pneumostream.ledger;

import java.time.Duration;
import java.util.List;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * When the scan store is swept, and of what.
 *
 * @param interval from one sweep to the next
 * @param keep how old a scan must be before it may go
 */
public record SweepConfig(Duration interval, Duration keep) {
  static final Setting<Duration> INTERVAL =
      Setting.duration(
          "scan-store-sweep-interval",
          "1 d",
          Duration.ofMinutes(1),
          Duration.ofDays(365),
          "How often ingest removes from the scan store what nothing refers to any more.");

  /** No push takes a day; Kafka keeps what it has to for seven, and somewhat longer. */
  static final Setting<Duration> KEEP =
      Setting.duration(
          "scan-store-keep",
          "8 d",
          Duration.ofDays(1),
          Duration.ofDays(3650),
          "How long a scan stays in the scan store at least, whether a record refers to it or not.");

  static final List<Setting<?>> ALL = Setting.declaredIn(SweepConfig.class);

  public static SweepConfig from(Settings settings) {
    return new SweepConfig(settings.get(INTERVAL), settings.get(KEEP));
  }
}
