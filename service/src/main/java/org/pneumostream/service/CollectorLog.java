package org.pneumostream.service;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that spans get lost, and once that they no longer do. */
final class CollectorLog implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(CollectorLog.class);

  /** The exporter's own, which says so again and again. Held, since loggers are weakly kept. */
  private static final java.util.logging.Logger EXPORTER_LOG =
      java.util.logging.Logger.getLogger("io.opentelemetry.exporter");

  static {
    EXPORTER_LOG.setLevel(Level.OFF);
  }

  private final SpanExporter exporter;
  private final URI collector;
  private final AtomicBoolean away = new AtomicBoolean();

  CollectorLog(SpanExporter exporter, URI collector) {
    this.exporter = exporter;
    this.collector = collector;
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
          "spans get lost, the collector {} does not take them: {}",
          collector,
          String.valueOf(result.getFailureThrowable()));
    } else {
      log.info("the collector {} takes spans again", collector);
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
