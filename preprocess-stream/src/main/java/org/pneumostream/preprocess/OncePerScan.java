package org.pneumostream.preprocess;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Volume;
import org.pneumostream.service.TraceHeaders;
import org.pneumostream.service.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each scan through once for each way of preprocessing. A scan that fails is not remembered,
 * so that it can be pushed again, and neither is one whose volume the scorer has given up; a
 * tombstone is passed on and makes forget. A volume carries on its scan's trace, and names its
 * scan's place.
 */
final class OncePerScan implements FixedKeyProcessor<String, Scan, Volume> {
  private static final Logger log = LoggerFactory.getLogger(OncePerScan.class);
  static final String STORE = "preprocessed-scans";

  private final String preprocessing;
  private final Function<Scan, Volume> scanToVolume;
  private final UnscoredVolumes unscored;
  private final Tracing tracing;
  private FixedKeyProcessorContext<String, Volume> context;

  /** How the volume was made, and of the scan at which place. */
  private KeyValueStore<String, String> done;

  /**
   * @param preprocessing what the volumes are made by; another text makes them again
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
    this.done = context.getStateStore(STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, Scan> record) {
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    RecordPlace place = new RecordPlace(metadata.partition(), metadata.offset());
    place.write(RecordPlace.SCAN, record.headers());
    if (record.value() == null) {
      done.delete(record.key());
      context.forward(record.withValue(null));
      return;
    }
    Optional<RecordPlace> before = doneBefore(record.key());
    if (before.isPresent() && !unscored.isGone(record.key(), before.get())) {
      log.info("scan {}: pushed again, its volume is there already", record.key());
      return;
    }
    Volume volume = traced(record, metadata);
    context.forward(record.withValue(volume));
    done.put(record.key(), preprocessing + " " + place);
    log.info(
        "scan {}: volume in {} ms{}",
        record.key(),
        Math.round(volume.getPreprocessMillis()),
        volume.getWarnings().isEmpty() ? "" : ", " + volume.getWarnings());
  }

  /** Of which scan the key's volume was made, if there is one that was made this way. */
  private Optional<RecordPlace> doneBefore(String key) {
    return Optional.ofNullable(done.get(key))
        .filter(text -> text.startsWith(preprocessing + " "))
        .flatMap(text -> RecordPlace.parse(text.substring(preprocessing.length() + 1)));
  }

  private Volume traced(FixedKeyRecord<String, Scan> record, RecordMetadata place) {
    Span span =
        tracing.processing(
            place.topic(), place.partition(), place.offset(), record.key(), record.headers());
    Context trace = Context.root().with(span);
    TraceHeaders.write(trace, record.headers());
    try {
      return scanToVolume.apply(record.value());
    } catch (RuntimeException e) {
      Tracing.failed(span, e instanceof UncheckedIOException io ? io.getCause() : e);
      throw new ScanFailedException(e, trace);
    } finally {
      span.end();
    }
  }
}
