package org.pneumostream.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The folders of runs in one directory, which several processes may share.
 *
 * @param directory need not exist yet
 */
record RunFolders(Path directory) {

  /** A folder for a new run. */
  RunFolder create(String runId) {
    Path folder = directory.resolve(runId);
    try {
      Files.createDirectories(directory);
      return alone(
          directory,
          () -> {
            Files.createDirectories(folder);
            return RunFolder.open(folder)
                .orElseThrow(() -> new IOException("another process is at it"));
          });
    } catch (IOException e) {
      throw RunFolder.failure(folder, e);
    }
  }

  /**
   * A run that a process left unfinished and nobody else is at. Runs that nobody can go on with are
   * removed; those that were started otherwise than wanted, when they have lain for a week.
   *
   * @param wanted whether a run that was started so is to be gone on with
   */
  Optional<RunFolder> unfinished(Predicate<RunPlan> wanted) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try {
      return alone(directory, () -> firstUnfinished(wanted));
    } catch (IOException e) {
      throw RunFolder.failure(directory, e);
    }
  }

  private Optional<RunFolder> firstUnfinished(Predicate<RunPlan> wanted) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(directory, path -> Files.isDirectory(path))) {
      for (Path folder : folders) {
        Optional<RunFolder> run = RunFolder.open(folder);
        if (run.isPresent() && run.get().isResumable(wanted)) {
          return run;
        }
        run.ifPresent(RunFolder::removeAndClose);
      }
      return Optional.empty();
    }
  }

  /** Something done to folders. */
  interface Action<R> {
    R run() throws IOException;
  }

  /** While folders come and go, whoever looks at them waits. */
  static <R> R alone(Path directory, Action<R> action) throws IOException {
    synchronized (RunFolders.class) {
      try (FileChannel channel = RunFolder.lockFile(directory);
          FileLock lock = channel.lock()) {
        return action.run();
      }
    }
  }
}
