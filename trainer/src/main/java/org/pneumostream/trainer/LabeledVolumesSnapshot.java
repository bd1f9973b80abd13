package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.pneumostream.classifier.InputShape;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeShape;

/**
 * The labeled volumes that lie in Kafka at one moment, spooled into a {@link TrainingSet}: the
 * latest of every scan, less those removed, and less those that cannot be trained on, which the set
 * counts as left out.
 */
final class LabeledVolumesSnapshot {
  private final Topic<LabeledVolume> topic;
  private final TrainingSet set;
  private final int preprocessingVersion;

  private LabeledVolumesSnapshot(
      Topic<LabeledVolume> topic, TrainingSet set, int preprocessingVersion) {
    this.topic = topic;
    this.set = set;
    this.preprocessingVersion = preprocessingVersion;
  }

  /**
   * Spools a topic's records.
   *
   * @param preprocessingVersion the only one whose volumes are taken
   * @throws java.util.concurrent.CancellationException if it was stopped
   */
  static void spool(
      CommittedRecords records,
      Topic<LabeledVolume> topic,
      TrainingSet set,
      int preprocessingVersion,
      TrainingListener listener,
      BooleanSupplier stop) {
    records.forEach(
        new LabeledVolumesSnapshot(topic, set, preprocessingVersion)::take,
        listener::reading,
        stop);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    String scanId = record.key();
    if (record.value() == null) {
      set.remove(scanId);
      return;
    }
    if (scanId == null || !SpoolRecord.isScanId(scanId)) {
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
    ByteBuffer voxels = volume.getVoxels();
    if (!isOf(set.shape(), volume.getShape())) {
      set.leaveOut(scanId, "shape is not " + set.shape());
    } else if (volume.getPreprocessingVersion() != preprocessingVersion) {
      set.leaveOut(scanId, "preprocessing version is not " + preprocessingVersion);
    } else if (voxels.remaining() != set.shape().voxels() * Short.BYTES) {
      set.leaveOut(scanId, "voxels are not as many as the shape says");
    } else {
      short[] fixedPoint = new short[set.shape().voxels()];
      voxels.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(fixedPoint);
      String splitKey = Split.key(scanId, volume.getStudyKey());
      set.put(scanId, splitKey, labeled.getLabel().getFinding(), fixedPoint);
    }
  }

  private static boolean isOf(InputShape wanted, VolumeShape found) {
    return found.getWidth() == wanted.width()
        && found.getHeight() == wanted.height()
        && found.getDepth() == wanted.depth();
  }
}
