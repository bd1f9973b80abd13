package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Volume;

/** Volumes and labels to the training set, with the real topology, without a broker. */
class TrainingSetTopologyTest {
  private static final byte[] JUNK = {1, 2, 3};

  @AutoClose private final TopologyFixture preprocess;

  TrainingSetTopologyTest(@TempDir Path directory) {
    preprocess = new TopologyFixture(directory);
  }

  @Test
  void labelsAVolumeWhicheverComesFirst() throws IOException {
    preprocess.label("early", Finding.ABNORMAL);
    preprocess.push("early", TopologyFixture.scan(1));
    preprocess.push("late", TopologyFixture.scan(2));
    preprocess.label("late", Finding.NORMAL);
    preprocess.label("never-scanned", Finding.NORMAL);
    preprocess.push("never-labeled", TopologyFixture.scan(3));

    assertThat(preprocess.labeledVolumes.readKeyValuesToMap())
        .hasSize(2)
        .hasEntrySatisfying(
            "early", v -> assertThat(v.getLabel().getFinding()).isEqualTo(Finding.ABNORMAL))
        .hasEntrySatisfying(
            "late", v -> assertThat(v.getLabel().getFinding()).isEqualTo(Finding.NORMAL));
  }

  @Test
  void labelsBeforeAndAfterTheScanYieldOneLabeledVolumeEach() throws IOException {
    preprocess.label("a", Finding.NORMAL);
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.ABNORMAL);

    assertThat(preprocess.labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.NORMAL, Finding.ABNORMAL);
  }

  @Test
  void ignoresAFindingThatCameWithThePush() throws IOException {
    preprocess.label("a", Finding.ABNORMAL);
    preprocess.push(
        "a",
        TopologyFixture.builder()
            .setContent(ByteBuffer.wrap(TopologyFixture.published(TopologyFixture.file(1))))
            .setFinding(Finding.NORMAL)
            .build());

    assertThat(preprocess.labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.ABNORMAL);
  }

  @Test
  void labelsTheVolumeOfItsScanAmongMany() throws IOException {
    for (int seed = 1; seed <= 5; seed++) {
      preprocess.push("scan-" + seed, TopologyFixture.scan(seed));
    }
    preprocess.label("scan-2", Finding.NORMAL);
    preprocess.label("scan-4", Finding.NORMAL);

    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value.getVolume().getVoxels())
        .containsExactly(tuple("scan-2", voxels(2)), tuple("scan-4", voxels(4)));
  }

  @Test
  void aLabelWaitsForTheNextVolumeIfItsVolumeWasCompacted() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.compacted.add(0L);
    preprocess.label("a", Finding.NORMAL);
    assertThat(preprocess.labeledVolumes.isEmpty()).isTrue();

    Volume following = preprocess.placedVolume(0);
    preprocess
        .input(preprocess.topics.volumes())
        .pipeInput("a", preprocess.topics.volumes().record("a", following).value());

    assertThat(preprocess.labeledVolumes.readValue())
        .isEqualTo(
            new LabeledVolume(
                following, new Label(Finding.NORMAL, "reader-1", TopologyFixture.RECEIVED)));
  }

  @Test
  void aTombstonedLabelRemovesTheExample() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.NORMAL);
    preprocess.labels.pipeInput("a", null);

    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }

  @Test
  void aTombstonedVolumeRemovesTheExample() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.NORMAL);
    preprocess.input(preprocess.topics.volumes()).pipeInput("a", null);
    preprocess.label("a", Finding.ABNORMAL);

    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }

  @Test
  void aBadLabelBecomesADeadLetterAndTheNextOneCounts() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.labels.pipeInput("a", JUNK);
    preprocess.label("a", Finding.ABNORMAL);

    assertThat(preprocess.deadLetters.readValuesToList()).hasSize(1);
    assertThat(preprocess.labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.ABNORMAL);
  }

  /** Kafka Streams restores the table from the topic's bytes, including malformed labels. */
  @Test
  void aRestoredBadLabelDoesNotBlockItsKey() throws IOException {
    preprocess.push("late", TopologyFixture.scan(1));
    preprocess.restoreLabel("late", JUNK);
    preprocess.label("late", Finding.ABNORMAL);
    preprocess.restoreLabel("early", JUNK);
    preprocess.push("early", TopologyFixture.scan(2));
    preprocess.label("early", Finding.NORMAL);

    assertThat(preprocess.deadLetters.readValuesToList())
        .extracting(DeadLetter::getReason)
        .isEmpty();
    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.key, kv -> kv.value.getLabel().getFinding())
        .containsExactly(tuple("late", Finding.ABNORMAL), tuple("early", Finding.NORMAL));
  }

  private static ByteBuffer voxels(int seed) throws IOException {
    return ByteBuffer.wrap(TopologyFixture.preprocessed(TopologyFixture.file(seed)));
  }
}
