package org.pneumostream.preprocess;

import java.util.function.Function;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each scan through once for each way of preprocessing. A scan that fails is not remembered,
 * so that it can be pushed again; a tombstone is passed on and makes forget.
 */
final class OncePerScan implements FixedKeyProcessor<String, Scan, Volume> {
  private static final Logger log = LoggerFactory.getLogger(OncePerScan.class);
  static final String STORE = "preprocessed-scans";

  private final String preprocessing;
  private final Function<Scan, Volume> scanToVolume;
  private FixedKeyProcessorContext<String, Volume> context;
  private KeyValueStore<String, String> done;

  /**
   * @param preprocessing what the volumes are made by; another text makes them again
   */
  OncePerScan(String preprocessing, Function<Scan, Volume> scanToVolume) {
    this.preprocessing = preprocessing;
    this.scanToVolume = scanToVolume;
  }

  @Override
  public void init(FixedKeyProcessorContext<String, Volume> context) {
    this.context = context;
    this.done = context.getStateStore(STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, Scan> record) {
    if (record.value() == null) {
      done.delete(record.key());
      context.forward(record.withValue(null));
      return;
    }
    if (preprocessing.equals(done.get(record.key()))) {
      return;
    }
    Volume volume = scanToVolume.apply(record.value());
    context.forward(record.withValue(volume));
    done.put(record.key(), preprocessing);
    log.info(
        "scan {}: volume in {} ms{}",
        record.key(),
        Math.round(volume.getPreprocessMillis()),
        volume.getWarnings().isEmpty() ? "" : ", " + volume.getWarnings());
  }
}
