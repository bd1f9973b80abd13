package org.pneumostream.runtime;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.pneumostream.schemas.ScanId;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;

/**
 * A service's spans, by OpenTelemetry's semantic conventions. A thread of its own sends them in
 * batches from a bounded queue; what the collector does not accept is dropped. Without a collector
 * there are no spans and no thread, and a trace context begun elsewhere is passed on unchanged.
 * Spans contain nothing of a scan but its id and size. Thread-safe.
 */
public final class Tracing implements AutoCloseable {
  /** A scan's id, on spans whose Kafka record key is not known yet, or never will be. */
  public static final AttributeKey<String> SCAN_ID = AttributeKey.stringKey("pneumostream.scan.id");

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> MESSAGE_KEY =
      AttributeKey.stringKey("messaging.kafka.message.key");
  private static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");

  private static final Duration SEND_EVERY = Duration.ofSeconds(1);
  private static final Duration LAST_SPANS = Duration.ofSeconds(5);

  private final Tracer tracer;
  private final Runnable stop;

  private Tracing(TracerProvider provider, Runnable stop) {
    this.tracer = provider.get("org.pneumostream");
    this.stop = stop;
  }

  /** Tracing without spans. */
  public static Tracing off() {
    return new Tracing(TracerProvider.noop(), () -> {});
  }

  /** Sends spans to a provider, which its creator closes. */
  public static Tracing by(TracerProvider provider) {
    return new Tracing(provider, () -> {});
  }

  /**
   * Configures tracing from settings.
   *
   * @param service name of the service in traces
   * @throws SettingException if a setting is invalid
   */
  public static Tracing from(Settings settings, String service) {
    TracingConfig config = TracingConfig.from(settings);
    return config
        .endpoint()
        .map(endpoint -> to(endpoint, config.sampleRatio(), service))
        .orElseGet(Tracing::off);
  }

  private static Tracing to(URI endpoint, double sampleRatio, String service) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.builder()
                                .put("service.namespace", "pneumostream")
                                .put("service.name", service)
                                .put("service.instance.id", UUID.randomUUID().toString())
                                .build())))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampleRatio)))
            .addSpanProcessor(
                BatchSpanProcessor.builder(OtlpExporter.at(endpoint))
                    .setScheduleDelay(SEND_EVERY)
                    .build())
            .build();
    return new Tracing(
        provider, () -> provider.shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Builds a span, within the current one if there is any. */
  public SpanBuilder span(String name) {
    return tracer.spanBuilder(name);
  }

  /** Starts the span of a record to be sent, within the current one. */
  public Span sending(String topic, String key) {
    return message("send", SpanKind.PRODUCER, topic, key).startSpan();
  }

  /** Starts the span of a record being processed, within the span in its headers. */
  public Span processing(
      String topic, int partition, long offset, @Nullable String key, Headers headers) {
    Span span =
        message("process", SpanKind.CONSUMER, topic, key)
            .setParent(TraceHeaders.read(headers))
            .startSpan();
    liesAt(span, partition, offset);
    return span;
  }

  /** Sets a record's partition and offset. */
  public static void liesAt(Span span, int partition, long offset) {
    span.setAttribute(PARTITION, Integer.toString(partition)).setAttribute(OFFSET, offset);
  }

  /** Marks the span as failed, without the exception's message, which may quote a scan. */
  public static void failed(Span span, Throwable failure) {
    failed(span, failure.getClass().getName());
  }

  /**
   * Marks the span as failed.
   *
   * @param type kind of failure, from a small set
   */
  public static void failed(Span span, String type) {
    span.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, type);
  }

  /** Sends the last spans, within a few seconds. */
  @Override
  public void close() {
    stop.run();
  }

  private SpanBuilder message(String operation, SpanKind kind, String topic, @Nullable String key) {
    SpanBuilder span =
        tracer
            .spanBuilder(operation + " " + topic)
            .setSpanKind(kind)
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.name", operation)
            .setAttribute("messaging.operation.type", operation)
            .setAttribute("messaging.destination.name", topic);
    // Other keys may hold private data, so they are left out.
    return key != null && ScanId.isOne(key) ? span.setAttribute(MESSAGE_KEY, key) : span;
  }
}
