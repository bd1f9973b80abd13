package org.pneumostream.preprocess;

import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.pneumostream.schemas.Volume;

/**
 * Stores the place of each scan's latest volume, and passes the volume on; a tombstone removes it.
 * The place is an offset: the partition is that of the task, as for the scan's labels.
 */
final class NotePlace implements FixedKeyProcessor<String, Volume, Volume> {
  static final String STORE = "volume-places";

  private FixedKeyProcessorContext<String, Volume> context;
  private KeyValueStore<String, Long> places;

  @Override
  public void init(FixedKeyProcessorContext<String, Volume> context) {
    this.context = context;
    this.places = context.getStateStore(STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, Volume> record) {
    if (record.value() == null) {
      places.delete(record.key());
    } else {
      places.put(record.key(), context.recordMetadata().orElseThrow().offset());
    }
    context.forward(record);
  }
}
