package org.pneumostream.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The folders of runs in one directory, which several processes may share.
 *
 * @param directory need not exist yet
 */
record RunFolders(Path directory) {

  /** Creates a folder for a new run. */
  RunFolder create(String runId) {
    Path folder = directory.resolve(runId);
    try {
      Files.createDirectories(directory);
      return alone(
          directory,
          () -> {
            Files.createDirectories(folder);
            DurableFiles.forceFolder(directory);
            return RunFolder.open(folder)
                .orElseThrow(() -> new IOException("another process has locked it"));
          });
    } catch (IOException e) {
      throw RunFiles.failure(folder, e);
    }
  }

  /**
   * Finds an unlocked, unfinished run. Removes runs that cannot be continued, or that are not
   * wanted.
   *
   * @param wanted whether a run with this plan is to be continued
   */
  Optional<RunFolder> unfinished(Predicate<RunPlan> wanted) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try {
      return alone(directory, () -> firstUnfinished(wanted));
    } catch (IOException e) {
      throw RunFiles.failure(directory, e);
    }
  }

  private Optional<RunFolder> firstUnfinished(Predicate<RunPlan> wanted) throws IOException {
    Optional<RunFolder> first = Optional.empty();
    for (RunFolder run : free()) {
      if (!run.isResumable(wanted)) {
        run.removeAndClose();
      } else if (first.isEmpty()) {
        first = Optional.of(run);
      } else {
        run.release();
      }
    }
    return first;
  }

  /**
   * Removes the runs that no process works on and that hold a scan erased since their start.
   *
   * @param tombstone record of labels
   * @return whether there was one
   */
  boolean erase(ConsumerRecord<String, byte[]> tombstone) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try {
      return alone(directory, () -> eraseFree(tombstone));
    } catch (IOException e) {
      throw RunFiles.failure(directory, e);
    }
  }

  private boolean eraseFree(ConsumerRecord<String, byte[]> tombstone) throws IOException {
    boolean removed = false;
    for (RunFolder run : free()) {
      if (run.hasErased(tombstone)) {
        run.removeAndClose();
        removed = true;
      } else {
        run.release();
      }
    }
    return removed;
  }

  /** The unlocked folders, now locked. */
  private List<RunFolder> free() throws IOException {
    List<RunFolder> free = new ArrayList<>();
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(directory, path -> Files.isDirectory(path))) {
      for (Path folder : folders) {
        RunFolder.open(folder).ifPresent(free::add);
      }
    }
    return free;
  }

  /** An action on folders. */
  interface Action<R> {
    R run() throws IOException;
  }

  /** Serializes changes to the set of folders. */
  static <R> R alone(Path directory, Action<R> action) throws IOException {
    synchronized (RunFolders.class) {
      try (FileChannel channel = RunFolder.lockFile(directory);
          FileLock lock = channel.lock()) {
        return action.run();
      }
    }
  }
}
