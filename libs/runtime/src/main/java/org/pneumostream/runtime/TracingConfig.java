package org.pneumostream.runtime;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;

/**
 * Whether and where a service sends its spans.
 *
 * @param endpoint of the collector, without {@code /v1/traces}; nothing is traced if empty
 * @param sampleRatio share of the traces begun here that are recorded, 0 to 1
 */
public record TracingConfig(Optional<URI> endpoint, double sampleRatio) {
  public static final Setting<URI> ENDPOINT =
      Setting.url(
          "otlp-endpoint",
          "OpenTelemetry collector for spans, by OTLP over HTTP; no tracing if unset.");
  public static final Setting<Double> SAMPLE_RATIO =
      Setting.decimal(
          "trace-sample-ratio",
          1,
          0,
          1,
          "Share of traces recorded; a trace begun by the pushing client follows that"
              + " client's decision.");

  public static final List<Setting<?>> ALL = Setting.declaredIn(TracingConfig.class);

  public static TracingConfig from(Settings settings) {
    return new TracingConfig(settings.find(ENDPOINT), settings.get(SAMPLE_RATIO));
  }
}
