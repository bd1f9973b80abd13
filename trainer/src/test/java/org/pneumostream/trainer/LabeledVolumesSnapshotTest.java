package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pneumostream.training.SyntheticScans.scanId;
import static org.pneumostream.training.SyntheticScans.voxels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Volume;
import org.pneumostream.schemas.VolumeShape;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.support.SampleRecords;
import org.pneumostream.training.Example;
import org.pneumostream.training.Split;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingSet;

class LabeledVolumesSnapshotTest {
  private static final VolumeShape SHAPE = new VolumeShape(48, 48, 48);

  private static final TrainingConfig CONFIG =
      TrainingConfig.from(
          Settings.of(
              Stream.concat(TrainingConfig.ALL.stream(), ModelSettings.ALL.stream()).toList(),
              Map.of("input-shape", "48x48x48")));

  @TempDir Path folder;
  private final InMemoryKafka kafka = new InMemoryKafka();
  private final Topic<LabeledVolume> topic = kafka.topics.labeledVolumes();
  private TrainingSet set;

  @BeforeEach
  void create() {
    set = TrainingSet.create(folder.resolve("set"), SyntheticScans.SHAPE);
  }

  @AfterEach
  void close() {
    set.close();
  }

  @Test
  void spoolsTheLatestRecordOfEveryScanFromAllPartitions() {
    put(0, 1, Finding.NORMAL, "study");
    put(1, 2, Finding.ABNORMAL, null);
    put(0, 3, Finding.NORMAL, null);
    put(0, 1, Finding.ABNORMAL, "study");
    kafka.append(topic.name(), 0, scanId(3), null);

    Map<Integer, Long> offsets = spool();

    assertThat(offsets).isEqualTo(Map.of(0, 4L, 1, 1L));
    assertThat(set.examples())
        .containsExactlyInAnyOrder(
            new Example(scanId(1), Split.hash("study"), Finding.ABNORMAL),
            new Example(scanId(2), Split.hash(scanId(2)), Finding.ABNORMAL));
    assertThat(set.fixedPoint(set.examples().get(0)))
        .isEqualTo(voxels(set.examples().get(0).scanId().equals(scanId(1)) ? 1 : 2));
    assertThat(set.leftOut()).isEmpty();
  }

  @Test
  void excludesAndCountsUnsuitableRecords() {
    put(0, 1, Finding.NORMAL, null);
    put(scanId(1), volume(new VolumeShape(64, 48, 36), 1, voxels(1)));
    put(scanId(2), volume(SHAPE, 2, voxels(2)));
    put(scanId(3), volume(SHAPE, 1, new short[10]));
    put("scan-4", volume(SHAPE, 1, voxels(4)));
    put("scan-5", volume(SHAPE, 1, voxels(5)));
    kafka.append(topic.name(), 0, scanId(6), new byte[] {1, 2, 3});
    Volume asStored = volume(SHAPE, 1, voxels(8));
    put(scanId(8), Volume.newBuilder(asStored).setOrientationPolicy("as-stored").build());
    put(0, 7, Finding.NORMAL, null);

    spool();

    assertThat(set.examples()).extracting(Example::scanId).containsExactly(scanId(7));
    assertThat(set.leftOut())
        .isEqualTo(
            Map.of(
                "shape is not 48x48x48", 1L,
                "preprocessing version is not 1", 1L,
                "orientation is not canonical", 1L,
                "voxels: 20 bytes, expected 221184", 1L,
                "key is not a scan id", 2L,
                "value is not a labeled volume", 1L));
  }

  @Test
  void ignoresRecordsAfterTheSnapshot() {
    put(0, 1, Finding.NORMAL, null);
    CommittedRecords snapshot = CommittedRecords.upToNow(kafka.consumer(), topic.name());
    put(0, 2, Finding.NORMAL, null);
    put(1, 3, Finding.NORMAL, null);
    List<String> keys = new ArrayList<>();

    snapshot.forEach(record -> keys.add(record.key()), (read, of) -> {}, () -> false);

    assertThat(keys).containsExactly(scanId(1));
    assertThat(snapshot.endOffsets()).isEqualTo(Map.of(0, 1L, 1, 0L));
  }

  @Test
  void reportsItsProgress() {
    put(0, 1, Finding.NORMAL, null);
    put(1, 2, Finding.NORMAL, null);
    List<String> progress = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void reading(long read, long records) {
            progress.add(read + "/" + records);
          }
        };

    LabeledVolumesSnapshot.spool(upToNow(), topic, set, CONFIG, listener, () -> false);

    assertThat(progress).containsExactly("2/2");
  }

  @Test
  void spoolsAnEarlierSnapshotAgain() {
    put(0, 1, Finding.NORMAL, null);
    put(1, 2, Finding.ABNORMAL, null);
    Map<Integer, Long> offsets = spool();
    List<Example> then = set.examples();
    put(0, 1, Finding.ABNORMAL, null);
    put(1, 3, Finding.ABNORMAL, null);
    spool();
    assertThat(set.examples()).isNotEqualTo(then);
    set.remove(scanId(3));

    spool(CommittedRecords.upTo(kafka.consumer(), topic.name(), offsets));

    assertThat(set.examples()).isEqualTo(then);
  }

  @Test
  void anErasedScanIsInNoSnapshotSpooledLater() {
    put(0, 1, Finding.NORMAL, null);
    put(1, 2, Finding.ABNORMAL, null);
    Map<Integer, Long> offsets = spool();
    assertThat(set.examples()).hasSize(2);
    kafka.append(topic.name(), 0, scanId(1), null);

    spool();
    assertThat(set.examples()).extracting(Example::scanId).containsExactly(scanId(2));

    spool(CommittedRecords.upTo(kafka.consumer(), topic.name(), offsets));
    LabeledVolumesSnapshot.removeErased(
        CommittedRecords.since(kafka.consumer(), topic.name(), offsets), set, () -> false);
    assertThat(set.examples()).extracting(Example::scanId).containsExactly(scanId(2));
  }

  @Test
  void aRunLearnsOfErasuresOfItsOwnScansOnly() {
    put(0, 1, Finding.NORMAL, null);
    put(1, 2, Finding.ABNORMAL, null);
    Map<Integer, Long> offsets = spool();
    put(0, 3, Finding.NORMAL, null);
    kafka.append(topic.name(), 0, scanId(3), null);
    put(1, 2, Finding.NORMAL, null);
    try (ErasureWatch watch = new ErasureWatch(kafka.consumer(), topic.name(), offsets, set)) {
      watch.checkUpToNow(() -> false);
      watch.check();

      kafka.append(topic.name(), 0, scanId(1), null);
      put(0, 1, Finding.NORMAL, null);
      assertThatThrownBy(watch::check).isInstanceOf(ErasedScanException.class);
    }
    try (ErasureWatch late = new ErasureWatch(kafka.consumer(), topic.name(), offsets, set)) {
      assertThatThrownBy(() -> late.checkUpToNow(() -> false))
          .isInstanceOf(ErasedScanException.class);
    }
  }

  @Test
  void stopsWhenAsked() {
    put(0, 1, Finding.NORMAL, null);

    assertThatThrownBy(
            () ->
                LabeledVolumesSnapshot.spool(
                    upToNow(), topic, set, CONFIG, TrainingListener.NONE, () -> true))
        .isInstanceOf(CancellationException.class);
  }

  private Map<Integer, Long> spool() {
    CommittedRecords records = upToNow();
    spool(records);
    return records.endOffsets();
  }

  private void spool(CommittedRecords records) {
    LabeledVolumesSnapshot.spool(records, topic, set, CONFIG, TrainingListener.NONE, () -> false);
  }

  private CommittedRecords upToNow() {
    return CommittedRecords.upToNow(kafka.consumer(), topic.name());
  }

  private void put(int partition, int number, Finding finding, String studyKey) {
    Volume volume =
        Volume.newBuilder(volume(SHAPE, 1, voxels(number))).setStudyKey(studyKey).build();
    put(partition, scanId(number), volume, finding);
  }

  private void put(String scanId, Volume volume) {
    put(0, scanId, volume, Finding.NORMAL);
  }

  private void put(int partition, String scanId, Volume volume, Finding finding) {
    Label label = new Label(finding, "reader", Instant.EPOCH);
    byte[] value = topic.record(scanId, new LabeledVolume(volume, label)).value();
    kafka.append(topic.name(), partition, scanId, value);
  }

  private static Volume volume(VolumeShape shape, int preprocessingVersion, short[] voxels) {
    ByteBuffer bytes =
        ByteBuffer.allocate(voxels.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(voxels);
    return SampleRecords.volume()
        .setShape(shape)
        .setVoxels(bytes)
        .setPreprocessingVersion(preprocessingVersion)
        .build();
  }
}
