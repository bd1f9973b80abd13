package org.pneumostream.trainer;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ScanId;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.training.Split;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingRefusedException;
import org.pneumostream.training.TrainingSet;
import org.pneumostream.volume.VolumeKind;

/**
 * Spools the labeled volumes at one moment into a {@link TrainingSet}: the latest record of every
 * scan, without removed scans and without unsuitable ones, which the set counts as excluded.
 */
final class LabeledVolumesSnapshot {
  // A volume takes 2 MiB, so only few are buffered.
  static final Map<String, Object> CONSUMER =
      Map.of(
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          16,
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          8 << 20);

  private final Topic<LabeledVolume> topic;
  private final TrainingSet set;
  private final TrainingConfig config;

  private LabeledVolumesSnapshot(
      Topic<LabeledVolume> topic, TrainingSet set, TrainingConfig config) {
    this.topic = topic;
    this.set = set;
    this.config = config;
  }

  /**
   * Spools the current content of the topic.
   *
   * @param config selects volumes by shape, preprocessing version and orientation
   * @return the end offset of each partition, by partition number: the snapshot
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  static Map<Integer, Long> spool(
      KafkaConnection kafka,
      TrainingSet set,
      TrainingConfig config,
      TrainingListener listener,
      BooleanSupplier stop) {
    Topic<LabeledVolume> topic = kafka.topics().labeledVolumes();
    try (Consumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
      CommittedRecords records = CommittedRecords.upToNow(consumer, topic.name());
      spool(records, topic, set, config, listener, stop);
      return records.endOffsets();
    }
  }

  /**
   * Spools what is left of the snapshot of a version, without scans erased since, even if the topic
   * has not been compacted yet.
   */
  static void spoolAgain(
      KafkaConnection kafka,
      Lineage lineage,
      TrainingSet set,
      TrainingConfig config,
      TrainingListener listener,
      BooleanSupplier stop) {
    Topic<LabeledVolume> topic = kafka.topics().labeledVolumes();
    Map<Integer, Long> ends = Offsets.ofRecord(lineage.getSnapshot());
    try (Consumer<String, byte[]> consumer = kafka.consumer(CONSUMER)) {
      spool(upTo(consumer, topic.name(), ends), topic, set, config, listener, stop);
      removeErased(CommittedRecords.since(consumer, topic.name(), ends), set, stop);
    }
  }

  private static CommittedRecords upTo(
      Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> ends) {
    try {
      return CommittedRecords.upTo(consumer, topic, ends);
    } catch (IllegalArgumentException e) {
      throw new TrainingRefusedException(
          e.getMessage() + " of the snapshot: the topic was recreated since", e);
    }
  }

  /** Removes scans with a tombstone among these records. */
  static void removeErased(CommittedRecords since, TrainingSet set, BooleanSupplier stop) {
    since.forEach(
        record -> {
          if (record.value() == null) {
            set.remove(record.key());
          }
        },
        (read, of) -> {},
        stop);
  }

  /**
   * Spools a topic's records.
   *
   * @param config selects volumes by shape, preprocessing version and orientation
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  static void spool(
      CommittedRecords records,
      Topic<LabeledVolume> topic,
      TrainingSet set,
      TrainingConfig config,
      TrainingListener listener,
      BooleanSupplier stop) {
    records.forEach(new LabeledVolumesSnapshot(topic, set, config)::take, listener::reading, stop);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    String scanId = record.key();
    if (record.value() == null) {
      set.remove(scanId);
      return;
    }
    if (scanId == null || !ScanId.isOne(scanId)) {
      set.leaveOut(record.partition() + "/" + record.offset(), "key is not a scan id");
      return;
    }
    LabeledVolume labeled;
    try {
      labeled = topic.value(record.value());
    } catch (SerializationException e) {
      set.leaveOut(scanId, "value is not a labeled volume");
      return;
    }
    Volume volume = labeled.getVolume();
    short[] voxels;
    try {
      Optional<VolumeKind.Difference> difference =
          config.volumes().differenceFrom(VolumeRecords.kind(volume));
      if (difference.isPresent()) {
        set.leaveOut(scanId, difference.get().trait() + " is not " + difference.get().expected());
        return;
      }
      voxels = VolumeRecords.voxels(volume);
    } catch (IllegalArgumentException e) {
      set.leaveOut(scanId, e.getMessage());
      return;
    }
    String splitKey = Split.key(scanId, volume.getStudyKey());
    set.put(scanId, splitKey, labeled.getLabel().getFinding(), voxels);
  }
}
