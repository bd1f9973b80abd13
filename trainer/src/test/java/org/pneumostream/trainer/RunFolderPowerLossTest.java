package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run forces to the disk, and in which order. */
class RunFolderPowerLossTest {
  @TempDir Path directory;

  /** Without forcing its folder, a move is lost in a power cut, and the checkpoint with it. */
  @Test
  void forcesEveryFileOfACheckpointBeforeTheNext() {
    RecordedDisk disk = new RecordedDisk();
    try (RunFolder run = new RunFolders(disk.folder(directory)).create("run-1")) {
      assertThat(disk.steps()).containsExactly("create run-1", "force " + directory.getFileName());
      run.start(SampleRun.PLAN);
      assertThat(disk.steps()).containsExactlyElementsOf(written("plan.json").toList());

      run.save(SampleRun.checkpoint(1, 1));

      assertThat(disk.steps())
          .containsExactlyElementsOf(
              Stream.of("learner-1.safetensors", "best-1.safetensors", "epochs.json")
                  .flatMap(RunFolderPowerLossTest::written)
                  .toList());
      run.save(SampleRun.checkpoint(2, 1));
      assertThat(disk.steps())
          .startsWith(
              Stream.of("learner-2.safetensors", "epochs.json")
                  .flatMap(RunFolderPowerLossTest::written)
                  .toArray(String[]::new))
          .endsWith("delete learner-1.safetensors", "force run-1");
    }
  }

  /** Otherwise an erased scan might return after a power loss. */
  @Test
  void forcesDeletions() {
    RecordedDisk disk = new RecordedDisk();
    try (RunFolder run = new RunFolders(disk.folder(directory)).create("run-1")) {
      SampleRun.start(run);
      disk.steps();

      run.delete();

      assertThat(disk.steps())
          .containsExactly("delete plan.json", "force run-1", "delete training-set", "force run-1");
    }
  }

  private static Stream<String> written(String file) {
    return Stream.of("force " + file + ".part", "move " + file, "force run-1");
  }
}
