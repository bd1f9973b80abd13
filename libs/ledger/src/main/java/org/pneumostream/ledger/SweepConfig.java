package org.pneumostream.ledger;

import java.time.Duration;
import java.util.List;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * Interval and scope of sweeps of the scan store.
 *
 * @param interval time between sweeps
 * @param keep least age of a scan that may be removed
 */
public record SweepConfig(Duration interval, Duration keep) {
  static final Setting<Duration> INTERVAL =
      Setting.duration(
          "scan-store-sweep-interval",
          "1 d",
          Duration.ofMinutes(1),
          Duration.ofDays(365),
          "How often ingest removes unreferenced scans from the scan store.");

  /** No push takes a day. Kafka's retention is seven days, and records may stay a little longer. */
  static final Setting<Duration> KEEP =
      Setting.duration(
          "scan-store-keep",
          "8 d",
          Duration.ofDays(1),
          Duration.ofDays(3650),
          "How long a scan stays in the scan store at least, referenced or not.");

  static final List<Setting<?>> ALL = Setting.declaredIn(SweepConfig.class);

  public static SweepConfig from(Settings settings) {
    return new SweepConfig(settings.get(INTERVAL), settings.get(KEEP));
  }
}
