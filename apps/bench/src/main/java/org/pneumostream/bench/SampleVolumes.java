package org.pneumostream.bench;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.pneumostream.preprocessing.Preprocessing;
import org.pneumostream.schemas.ScanGeometry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeRecords;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/** Records of any number of volumes, with a few distinct voxel arrays. */
public final class SampleVolumes {
  private static final int DIFFERENT = 8;

  private final InputShape shape;
  private final Topic<Volume> topic;
  private final List<byte[]> values = new ArrayList<>();

  public SampleVolumes(InputShape shape, Topic<Volume> topic) {
    this.shape = shape;
    this.topic = topic;
    for (int number = 0; number < DIFFERENT; number++) {
      values.add(topic.record(scanId(number), volume(number)).value());
    }
  }

  public ProducerRecord<String, byte[]> record(int number) {
    return new ProducerRecord<>(topic.name(), scanId(number), values.get(number % DIFFERENT));
  }

  /** Voxels of the volume with a scan id, as the network takes them. */
  short[] voxels(String scanId) {
    return voxels(Integer.parseInt(scanId, 16));
  }

  private short[] voxels(int number) {
    return NetworkWork.volume(shape, number % DIFFERENT);
  }

  /** A number in the form of a scan id, 64 hex digits. */
  private static String scanId(int number) {
    return String.format(Locale.ROOT, "%064x", number);
  }

  private Volume volume(int number) {
    List<Integer> axes = List.of(shape.width(), shape.height(), shape.depth());
    return Volume.newBuilder()
        .setShape(VolumeRecords.shape(shape))
        .setVoxels(ByteBuffer.wrap(FixedPoint.toLittleEndian(voxels(number))))
        .setPreprocessingVersion(Preprocessing.VERSION)
        .setOrientationPolicy(OrientationPolicy.CANONICAL.toString())
        .setGeometry(new ScanGeometry("NIFTI1", axes, List.of(1.0, 1.0, 1.0), "RAS", "int16"))
        .setReceivedAt(Instant.now())
        .setPreprocessedAt(Instant.now())
        .setPreprocessMillis(0)
        .build();
  }
}
