package org.pneumostream.runtime;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector, by OTLP over HTTP. Spans that the collector does not accept at once
 * are dropped. The log reports when dropping begins and ends, but not each span.
 */
final class OtlpExporter implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(OtlpExporter.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(3);

  /** The exporter's own logger, which repeats itself. Held, since loggers are weakly referenced. */
  private static final java.util.logging.Logger EXPORTER_LOG =
      java.util.logging.Logger.getLogger("io.opentelemetry.exporter");

  static {
    EXPORTER_LOG.setLevel(Level.OFF);
  }

  private final SpanExporter exporter;
  private final URI endpoint;
  private final AtomicBoolean away = new AtomicBoolean();

  private OtlpExporter(SpanExporter exporter, URI endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  /**
   * @param endpoint without {@code /v1/traces}
   */
  static OtlpExporter at(URI endpoint) {
    return new OtlpExporter(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString().replaceFirst("/*$", "") + "/v1/traces")
            .setConnectTimeout(CONNECT_TIMEOUT)
            .setTimeout(SEND_TIMEOUT)
            .setRetryPolicy(null)
            .build(),
        endpoint);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> ended(result));
  }

  private void ended(CompletableResultCode result) {
    boolean lost = !result.isSuccess();
    if (away.getAndSet(lost) == lost) {
      return;
    }
    if (lost) {
      log.warn(
          "dropping spans, since the collector {} does not accept them: {}",
          endpoint,
          Optional.ofNullable(result.getFailureThrowable())
              .map(Throwable::getCause)
              .map(Throwable::toString)
              .orElse("it answers with an error"));
    } else {
      log.info("the collector {} accepts spans again", endpoint);
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
