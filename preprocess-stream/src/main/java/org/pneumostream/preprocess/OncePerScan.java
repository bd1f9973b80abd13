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
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Volume;
import org.pneumostream.service.TraceHeaders;
import org.pneumostream.service.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each scan through once for each way of preprocessing. A scan that fails is not remembered,
 * so that it can be pushed again; a tombstone is passed on and makes forget. A volume carries on
 * its scan's trace.
 */
final class OncePerScan implements FixedKeyProcessor<String, Scan, Volume> {
  private static final Logger log = LoggerFactory.getLogger(OncePerScan.class);
  static final String STORE = "preprocessed-scans";

  private final String preprocessing;
  private final Function<Scan, Volume> scanToVolume;
  private final Tracing tracing;
  private FixedKeyProcessorContext<String, Volume> context;
  private KeyValueStore<String, String> done;

  /**
   * @param preprocessing what the volumes are made by; another text makes them again
   */
  OncePerScan(String preprocessing, Function<Scan, Volume> scanToVolume, Tracing tracing) {
    this.preprocessing = preprocessing;
    this.scanToVolume = scanToVolume;
    this.tracing = tracing;
  }

  @Override
  public void init(FixedKeyProcessorContext<String, Volume> context) {
    this.context = context;
    this.done = context.getStateStore(STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, Scan> record) {
    context.recordMetadata().ifPresent(place -> ReadFrom.write(place, record.headers()));
    if (record.value() == null) {
      done.delete(record.key());
      context.forward(record.withValue(null));
      return;
    }
    if (preprocessing.equals(done.get(record.key()))) {
      return;
    }
    Volume volume = traced(record);
    context.forward(record.withValue(volume));
    done.put(record.key(), preprocessing);
    log.info(
        "scan {}: volume in {} ms{}",
        record.key(),
        Math.round(volume.getPreprocessMillis()),
        volume.getWarnings().isEmpty() ? "" : ", " + volume.getWarnings());
  }

  private Volume traced(FixedKeyRecord<String, Scan> record) {
    RecordMetadata place = context.recordMetadata().orElseThrow();
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
