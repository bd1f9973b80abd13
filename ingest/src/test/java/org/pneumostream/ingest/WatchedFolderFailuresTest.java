package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** What a watched folder does when a file, ingest or Kafka fails. */
class WatchedFolderFailuresTest extends WatchedFolderFixture {
  @Test
  void losesAndRejectsNothingWhileKafkaIsUnavailable() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    bring("volume-nifti2.nii.gz", "b.nii.gz");
    hindrance = new UnavailableException("Kafka: no broker", null);
    settle();
    settle();

    assertThat(Scans.filesIn(inbox)).containsExactly("a.nii.gz", "b.nii.gz");
    assertThat(folder.problem()).isEqualTo("Kafka: no broker");

    hindrance = null;
    folder.look();
    assertThat(ids()).containsExactly(Scans.id("volume.nii"), Scans.id("volume-nifti2.nii.gz"));
    assertThat(Scans.filesIn(inbox)).containsExactly("done/a.nii.gz", "done/b.nii.gz");
    assertThat(folder.problem()).isEmpty();
  }

  @Test
  void retriesAnUnreadableFileAfterAMinuteAndPublishesTheOthers() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    hindrance = new FileSystemException("a.nii.gz", null, "stale file handle");
    settle();
    hindrance = null;
    bring("volume-nifti2.nii.gz", "b.nii.gz");
    settle();
    assertThat(ids()).containsExactly(Scans.id("volume-nifti2.nii.gz"));

    clock.pass(Duration.ofMinutes(1));
    folder.look();
    assertThat(ids()).hasSize(2);
  }

  @Test
  void rejectsAFileThatTriggersADefectAndPublishesTheOthers() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    hindrance = new IndexOutOfBoundsException("Index 7 out of bounds for length 7");
    settle();
    hindrance = null;
    bring("volume-nifti2.nii.gz", "b.nii.gz");
    settle();

    assertThat(Scans.filesIn(inbox))
        .containsExactly("done/b.nii.gz", "rejected/a.nii.gz", "rejected/a.nii.gz.error.txt");
    assertThat(Files.readString(inbox.resolve("rejected/a.nii.gz.error.txt")))
        .startsWith(
            "cannot be read because of a defect of ingest:"
                + " java.lang.IndexOutOfBoundsException: Index 7"
                + " out of bounds for length 7\n    at ");
    assertThat(folder.problem()).isEmpty();
  }

  @Test
  void doesNotRejectAFileForAFailureOfKafka() throws Exception {
    bring("volume.nii.gz", "a.nii.gz");
    hindrance = new KafkaException("out of order");
    settle();

    assertThat(Scans.filesIn(inbox)).containsExactly("a.nii.gz");
    assertThat(folder.problem()).isEqualTo("Kafka: out of order");
  }

  @Test
  void waitsForAFolderThatHasDisappeared() throws Exception {
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(inbox, elsewhere);
    folder.look();
    assertThat(folder.problem()).contains("inbox");

    Files.move(elsewhere, inbox);
    folder.look();
    assertThat(folder.problem()).isEmpty();
  }

  @Test
  void doesNotStartWithoutAFolder() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> new WatchedFolder(file, SETTLE, clock, new HinderedIntake()))
        .isInstanceOf(IOException.class);
  }
}
