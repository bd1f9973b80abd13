package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Finding;
import org.pneumostream.training.Checkpoint;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TrainingSet;

class RunFolderTest {
  @TempDir Path directory;

  @Test
  void readsThePlanAndTheLatestCheckpoint() {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      assertThat(run.latest()).isEmpty();
      SampleRun.start(run);
      run.save(SampleRun.checkpoint(1, 1));
      run.save(SampleRun.checkpoint(2, 1));
      run.save(SampleRun.checkpoint(3, 3));
    }

    try (RunFolder run = unfinished().orElseThrow()) {
      assertThat(run.runId()).isEqualTo("run-1");
      assertThat(run.plan()).isEqualTo(SampleRun.PLAN);
      Checkpoint latest = run.latest().orElseThrow();
      assertThat(latest.epochs()).isEqualTo(SampleRun.checkpoint(3, 3).epochs());
      assertThat(latest.bestEpoch()).isEqualTo(3);
      assertThat(latest.best().hash()).isEqualTo(ModelWeights.initial(3).hash());
      assertThat(latest.learner().weights().hash()).isEqualTo(ModelWeights.initial(103).hash());
    }
    assertThat(files("run-1"))
        .containsExactlyInAnyOrder(
            "lock",
            "training-set",
            "plan.json",
            "epochs.json",
            "learner-3.safetensors",
            "best-3.safetensors");
  }

  @Test
  void ignoresALockedRun() {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);

      assertThat(unfinished()).isEmpty();
      assertThat(run.plan()).isEqualTo(SampleRun.PLAN);
    }
  }

  @Test
  void removesARunWithoutACompleteTrainingSet() throws IOException {
    new RunFolders(directory).create("run-1").close();
    try (RunFolder run = new RunFolders(directory).create("run-2")) {
      Files.write(run.trainingSet(), new byte[100]);
    }

    assertThat(unfinished()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void removesARunWithOtherSettings() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
    }

    assertThat(new RunFolders(directory).unfinished(plan -> false)).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void givesUpARunThatFailsThreeTimesWithoutAnotherEpoch() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
    }
    for (int attempt = 1; attempt <= 5; attempt++) {
      try (RunFolder run = unfinished().orElseThrow()) {
        run.attempt();
        if (attempt == 2) {
          run.save(SampleRun.checkpoint(1, 1));
        }
      }
    }

    try (RunFolder run = unfinished().orElseThrow()) {
      assertThat(run.isGivenUp()).isTrue();
      run.delete();
    }
    assertThat(runs()).isEmpty();
  }

  @Test
  void removesARunOlderThanTombstones() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
    }
    Instant longAgo = Instant.now().minus(Duration.ofDays(8));
    for (String file : files("run-1")) {
      Files.setLastModifiedTime(directory.resolve("run-1/" + file), FileTime.from(longAgo));
    }

    assertThat(unfinished()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void anErasureRemovesEveryUnlockedRunWithTheScan() throws IOException {
    for (int run : List.of(1, 2)) {
      try (RunFolder folder = new RunFolders(directory).create("run-" + run);
          TrainingSet set = TrainingSet.create(folder.trainingSet(), SyntheticScans.SHAPE)) {
        String scanId = SyntheticScans.scanId(run);
        set.put(scanId, scanId, Finding.NORMAL, SyntheticScans.voxels(run));
        folder.start(SampleRun.PLAN);
      }
    }

    // The plan was made at offset 12 of partition 0 of labels, and 7 of partition 1.
    assertThat(erase(1, 0, 11)).isFalse();
    assertThat(erase(3, 0, 12)).isFalse();
    assertThat(runs()).hasSize(2);
    assertThat(erase(1, 0, 12)).isTrue();
    assertThat(runs()).containsExactly(directory.resolve("run-2"));
    try (RunFolder atWork = unfinished().orElseThrow()) {
      assertThat(erase(2, 1, 9)).isFalse();
      assertThat(atWork.plan()).isEqualTo(SampleRun.PLAN);
    }
    assertThat(erase(2, 1, 9)).isTrue();
    assertThat(runs()).isEmpty();
  }

  private boolean erase(int scan, int partition, long offset) {
    return new RunFolders(directory)
        .erase(
            new ConsumerRecord<>("labels", partition, offset, SyntheticScans.scanId(scan), null));
  }

  @Test
  void aRevokedAttemptDoesNotCount() {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
    }
    for (int attempt = 1; attempt <= 5; attempt++) {
      try (RunFolder run = unfinished().orElseThrow()) {
        run.attempt();
        if (attempt == 3) {
          run.save(SampleRun.checkpoint(1, 1));
        }
        run.takeBackAttempt();
      }
    }

    unfinished().orElseThrow().close();
  }

  @Test
  void removesARunWithoutItsTrainingSet() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      run.start(SampleRun.PLAN);
    }

    assertThat(unfinished()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void removesARunWithADamagedCheckpoint() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
      run.save(SampleRun.checkpoint(1, 1));
    }
    Files.write(directory.resolve("run-1/learner-1.safetensors"), new byte[100]);

    assertThat(unfinished()).isEmpty();
    assertThat(runs()).isEmpty();
  }

  @Test
  void aFinishedRunLeavesNothing() throws IOException {
    try (RunFolder run = new RunFolders(directory).create("run-1")) {
      SampleRun.start(run);
      run.save(SampleRun.checkpoint(1, 1));
      run.delete();
    }

    assertThat(runs()).isEmpty();
  }

  @Test
  void isEmptyBeforeTheFirstRun() {
    assertThat(new RunFolders(directory.resolve("missing")).unfinished(plan -> true)).isEmpty();
  }

  private Optional<RunFolder> unfinished() {
    return new RunFolders(directory).unfinished(plan -> true);
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> folders = Files.list(directory)) {
      return folders.filter(Files::isDirectory).toList();
    }
  }

  private List<String> files(String run) {
    try (Stream<Path> files = Files.list(directory.resolve(run))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
