package org.pneumostream.preprocess;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.pneumostream.runtime.TraceHeaders;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes each scan once per way of preprocessing, and again if it failed before or the scorer
 * failed on its volume. Such a volume carries {@link RetryOf}, whoever pushed the scan again. A
 * tombstone is passed on and clears the memory of the scan. A volume continues its scan's trace,
 * and names its scan's place.
 */
final class OncePerScan implements FixedKeyProcessor<String, ValueOrBytes<Scan>, Volume> {
  private static final Logger log = LoggerFactory.getLogger(OncePerScan.class);
  static final String STORE = "preprocessed-scans";

  private final String preprocessing;
  private final Function<Scan, Volume> scanToVolume;
  private final UnscoredVolumes unscored;
  private final Tracing tracing;
  private FixedKeyProcessorContext<String, Volume> context;

  /** {@link SeenScan} as text, by scan id. */
  private KeyValueStore<String, String> seen;

  /**
   * @param preprocessing describes how volumes are made; another text makes them again
   */
  OncePerScan(
      String preprocessing,
      Function<Scan, Volume> scanToVolume,
      UnscoredVolumes unscored,
      Tracing tracing) {
    this.preprocessing = preprocessing;
    this.scanToVolume = scanToVolume;
    this.unscored = unscored;
    this.tracing = tracing;
  }

  @Override
  public void init(FixedKeyProcessorContext<String, Volume> context) {
    this.context = context;
    this.seen = context.getStateStore(STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, ValueOrBytes<Scan>> record) {
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    RecordPlace place = new RecordPlace(metadata.partition(), metadata.offset());
    place.write(RecordPlace.SCAN, record.headers());
    if (record.value() == null) {
      seen.delete(record.key());
      context.forward(record.withValue(null));
      return;
    }
    SeenScan before = SeenScan.parse(seen.get(record.key()));
    if (record.value().isReadable() && hasVolume(record.key(), before)) {
      log.info("scan {}: pushed again, its volume exists already", record.key());
      return;
    }
    RetryOf.read(record.headers()).andScans(before.places()).write(record.headers());
    Volume volume;
    try {
      volume = traced(record, metadata);
    } catch (ScanFailedException e) {
      seen.put(record.key(), before.failedAt(place).toString());
      throw e;
    }
    context.forward(record.withValue(volume));
    seen.put(record.key(), SeenScan.done(preprocessing, place).toString());
    log.info(
        "scan {}: volume in {} ms{}",
        record.key(),
        Math.round(volume.getPreprocessMillis()),
        volume.getWarnings().isEmpty() ? "" : ", " + volume.getWarnings());
  }

  /** Whether there is a volume made in this way that the scorer has not failed on. */
  private boolean hasVolume(String scanId, SeenScan before) {
    return before
        .done()
        .filter(place -> before.preprocessing().equals(preprocessing))
        .filter(place -> !unscored.isGone(scanId, place))
        .isPresent();
  }

  private Volume traced(FixedKeyRecord<String, ValueOrBytes<Scan>> record, RecordMetadata place) {
    Span span =
        tracing.processing(
            place.topic(), place.partition(), place.offset(), record.key(), record.headers());
    TraceHeaders.write(Context.root().with(span), record.headers());
    try {
      return scanToVolume.apply(record.value().require());
    } catch (RuntimeException e) {
      Tracing.failed(span, e instanceof UncheckedIOException io ? io.getCause() : e);
      throw new ScanFailedException(e, record.headers());
    } finally {
      span.end();
    }
  }
}
