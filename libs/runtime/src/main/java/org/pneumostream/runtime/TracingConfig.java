package org.pneumostream.runtime;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * Whether and where a service sends its spans.
 *
 * @param endpoint of the collector, {@code /v1/traces} excluded; without one nothing is traced
 * @param sampleRatio share of the traces begun here that are recorded, 0 to 1
 */
public record TracingConfig(Optional<URI> endpoint, double sampleRatio) {
  public static final Setting<URI> ENDPOINT =
      Setting.url(
          "otlp-endpoint",
          "OpenTelemetry collector that takes spans by OTLP over HTTP; traces nothing when unset.");
  public static final Setting<Double> SAMPLE_RATIO =
      Setting.decimal(
          "trace-sample-ratio",
          1,
          0,
          1,
          "Share of traces recorded; one that whoever pushes has begun is recorded if they say so.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(TracingConfig.class);

  public static TracingConfig from(Settings settings) {
    return new TracingConfig(settings.find(ENDPOINT), settings.get(SAMPLE_RATIO));
  }
}
