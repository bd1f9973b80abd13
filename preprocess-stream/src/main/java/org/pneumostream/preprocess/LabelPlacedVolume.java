package org.pneumostream.preprocess;

import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;

/**
 * Labels an existing volume. If there is none yet, the label waits in its table. A withdrawn label
 * removes the volume from the training set. Fails on malformed labels.
 */
final class LabelPlacedVolume
    implements FixedKeyProcessor<String, ValueOrBytes<Label>, LabeledVolume> {
  private final PlacedVolumes volumes;
  private FixedKeyProcessorContext<String, LabeledVolume> context;
  private KeyValueStore<String, Long> places;

  LabelPlacedVolume(PlacedVolumes volumes) {
    this.volumes = volumes;
  }

  @Override
  public void init(FixedKeyProcessorContext<String, LabeledVolume> context) {
    this.context = context;
    this.places = context.getStateStore(NotePlace.STORE);
  }

  @Override
  public void process(FixedKeyRecord<String, ValueOrBytes<Label>> record) {
    Label label = record.value() == null ? null : record.value().require();
    Long offset = places.get(record.key());
    if (offset == null) {
      return;
    }
    if (label == null) {
      context.forward(record.withValue(null));
      return;
    }
    volumes
        .read(context.taskId().partition(), offset)
        .map(volume -> new LabeledVolume(volume, label))
        .ifPresent(labeled -> context.forward(record.withValue(labeled)));
  }
}
