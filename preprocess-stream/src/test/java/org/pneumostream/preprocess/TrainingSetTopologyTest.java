package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Reference;
import org.pneumostream.schemas.Scan;

/** From volumes and labels to the training set, by the real topology, driven without a broker. */
class TrainingSetTopologyTest {
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
  void aLabelBeforeTheScanAndOneAfterYieldOneLabeledVolumeEach() throws IOException {
    preprocess.label("a", Finding.NORMAL);
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.ABNORMAL);

    assertThat(preprocess.labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.NORMAL, Finding.ABNORMAL);
  }

  @Test
  void aFindingGivenWithThePushIsALabel() throws IOException {
    preprocess.push(
        "a",
        TopologyFixture.builder()
            .setContent(ByteBuffer.wrap(TopologyFixture.file(1)))
            .setFinding(Finding.ABNORMAL)
            .build());

    assertThat(preprocess.labeledVolumes.readValue().getLabel())
        .isEqualTo(new Label(Finding.ABNORMAL, "push", TopologyFixture.RECEIVED));
  }

  @Test
  void aFindingGivenWithASecondPushRelabels() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.push(
        "a",
        TopologyFixture.builder()
            .setContent(ByteBuffer.wrap(TopologyFixture.file(1)))
            .setFinding(Finding.NORMAL)
            .build());

    assertThat(preprocess.volumes.readValuesToList()).hasSize(1);
    assertThat(preprocess.labeledVolumes.readValue().getLabel().getFinding())
        .isEqualTo(Finding.NORMAL);
  }

  @Test
  void aScanTriedAgainDoesNotTakeBackWhatAReaderHasSaidSince() throws IOException {
    Reference reference =
        preprocess.store.put(
            TopologyFixture.SCAN_ID, new ByteArrayInputStream(TopologyFixture.file(1)));
    Scan scan =
        TopologyFixture.builder().setReference(reference).setFinding(Finding.NORMAL).build();
    Files.delete(Path.of(URI.create(reference.getUri())));
    preprocess.push("a", scan);
    assertThat(preprocess.deadLetters.readValue().getReason()).contains("is gone");
    preprocess.label("a", Finding.ABNORMAL);
    preprocess.store.put(
        TopologyFixture.SCAN_ID, new ByteArrayInputStream(TopologyFixture.file(1)));
    preprocess.push("a", scan);

    assertThat(preprocess.labeledVolumes.readValuesToList())
        .extracting(v -> v.getLabel().getFinding())
        .containsExactly(Finding.ABNORMAL);
  }

  @Test
  void theFindingOfAScanTriedAgainIsItsLabelStill() throws IOException {
    Reference reference =
        preprocess.store.put(
            TopologyFixture.SCAN_ID, new ByteArrayInputStream(TopologyFixture.file(1)));
    Scan scan =
        TopologyFixture.builder().setReference(reference).setFinding(Finding.NORMAL).build();
    Files.delete(Path.of(URI.create(reference.getUri())));
    preprocess.push("a", scan);
    preprocess.store.put(
        TopologyFixture.SCAN_ID, new ByteArrayInputStream(TopologyFixture.file(1)));
    preprocess.push("a", scan);

    assertThat(preprocess.labeledVolumes.readValue().getLabel())
        .isEqualTo(new Label(Finding.NORMAL, "push", TopologyFixture.RECEIVED));
  }

  @Test
  void aTombstonedLabelTakesTheExampleOutOfTheTrainingSet() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.NORMAL);
    preprocess.labels.pipeInput("a", null);

    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }

  @Test
  void aTombstonedVolumeTakesTheExampleOutOfTheTrainingSet() throws IOException {
    preprocess.push("a", TopologyFixture.scan(1));
    preprocess.label("a", Finding.NORMAL);
    preprocess.input(preprocess.topics.volumes()).pipeInput("a", null);
    preprocess.label("a", Finding.ABNORMAL);

    assertThat(preprocess.labeledVolumes.readKeyValuesToList())
        .extracting(kv -> kv.value == null)
        .containsExactly(false, true);
  }
}
