package org.pneumostream.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.training.Checkpoint;
import org.pneumostream.training.Checkpoints;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.TrainingSet;
import org.pneumostream.volume.InputShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of a retraining on disk, from which the next process continues if this one dies:
 *
 * <pre>
 * RUN_ID/lock                    held while a process works on it
 * RUN_ID/training-set            the spooled volumes
 * RUN_ID/plan.json               the run's parameters; written once the set is complete
 * RUN_ID/attempts.json           attempts to continue the run since its last epoch
 * RUN_ID/epochs.json             the epochs so far; names the two files below by epoch
 * RUN_ID/learner-N.safetensors   the learner after epoch N
 * RUN_ID/best-N.safetensors      the weights of the best epoch, N
 * </pre>
 *
 * Each file is {@linkplain DurableFiles#write written} so that a power loss leaves either the old
 * or the new one, epochs.json last. A run that cannot be continued is removed at once.
 */
final class RunFolder implements Checkpoints, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunFolder.class);
  private static final String PLAN = "plan.json";
  private static final String EPOCHS = "epochs.json";
  private static final String ATTEMPTS = "attempts.json";
  private static final String LOCK = "lock";
  private static final int MOST_ATTEMPTS = 3;

  /** labeled-volumes keeps tombstones of erasures one day longer. */
  private static final Duration ERASURES_ARE_SEEN = Duration.ofDays(7);

  /** The content of epochs.json. */
  private record Epochs(List<EpochResult> epochs, int bestEpoch) {}

  private final Path folder;
  private final RunFiles files;
  private final FileChannel lock;

  private RunFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.files = new RunFiles(folder);
    this.lock = lock;
  }

  static FileChannel lockFile(Path directory) throws IOException {
    return FileChannel.open(
        directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Locks a folder; empty if another process holds the lock. */
  static Optional<RunFolder> open(Path folder) throws IOException {
    FileChannel channel = lockFile(folder);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(new RunFolder(folder, channel));
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process holds the lock.
    }
    channel.close();
    return Optional.empty();
  }

  /** Whether a run with this plan is wanted, and can be continued or given up. */
  boolean isResumable(Predicate<RunPlan> wanted) {
    return holds(() -> isWhole() && attempts() >= 0 && !isTooOld() && wanted.test(plan()));
  }

  /** Whether it holds a scan that this tombstone of labels erased after its start. */
  boolean hasErased(ConsumerRecord<String, byte[]> tombstone) {
    return holds(
        () ->
            isWhole()
                && plan().labels().getOrDefault(tombstone.partition(), 0L) <= tombstone.offset()
                && hasScan(tombstone.key()));
  }

  private boolean hasScan(String scanId) {
    String shape = Objects.requireNonNull(plan().settings().get(ModelSettings.INPUT_SHAPE.key()));
    try (TrainingSet set = TrainingSet.open(trainingSet(), InputShape.parse(shape))) {
      return set.examples().stream().anyMatch(example -> example.scanId().equals(scanId));
    }
  }

  /** Whether it has failed too often in a row. */
  boolean isGivenUp() {
    return attempts() >= MOST_ATTEMPTS;
  }

  /** Whether tombstones of erasures since its last write may have expired. */
  private boolean isTooOld() {
    return files.newest().isBefore(Instant.now().minus(ERASURES_ARE_SEEN));
  }

  private boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (RuntimeException e) {
      // Damaged remains must not keep the next run from starting.
      log.warn("training run {} is damaged: {}", folder, e.toString());
      return false;
    }
  }

  private boolean isWhole() {
    return files.has(PLAN)
        && Files.exists(trainingSet())
        && (latest().isPresent() || !files.has(EPOCHS));
  }

  /** Removes a run that cannot be continued, or not with the current settings. */
  void removeAndClose() {
    try (lock) {
      log.warn("removing training run {}, which cannot be continued with these settings", folder);
      delete();
      removeFolder();
    } catch (IOException e) {
      throw RunFiles.failure(folder, e);
    }
  }

  /** Releases the lock and leaves the run as it is. */
  void release() {
    try {
      lock.close();
    } catch (IOException e) {
      throw RunFiles.failure(folder, e);
    }
  }

  /** Number of attempts to continue the run since its last epoch. */
  private int attempts() {
    return files.has(ATTEMPTS) ? files.readJson(ATTEMPTS, Integer.class) : 0;
  }

  /** Counts an attempt to continue the run; after repeated failures the run is given up. */
  void attempt() {
    files.writeJson(ATTEMPTS, attempts() + 1);
  }

  /** Revokes an attempt that ended for a reason other than the run's own. */
  void takeBackAttempt() {
    files.writeJson(ATTEMPTS, Math.max(0, attempts() - 1));
  }

  String runId() {
    return folder.getFileName().toString();
  }

  Path trainingSet() {
    return folder.resolve("training-set");
  }

  /** Writes the run's plan, once its training set is complete and on disk. */
  void start(RunPlan plan) {
    files.writeJson(PLAN, plan);
  }

  RunPlan plan() {
    return files.readJson(PLAN, RunPlan.class);
  }

  @Override
  public Optional<Checkpoint> latest() {
    if (!files.has(EPOCHS)) {
      return Optional.empty();
    }
    Epochs done = files.readJson(EPOCHS, Epochs.class);
    return Optional.of(
        new Checkpoint(
            done.epochs(),
            done.bestEpoch(),
            ModelWeights.fromSafetensors(files.read(best(done.bestEpoch()))),
            LearnerState.fromBytes(files.read(learner(done.epochs().size())))));
  }

  @Override
  public void save(Checkpoint checkpoint) {
    int epoch = checkpoint.epochs().size();
    String learner = learner(epoch);
    String best = best(checkpoint.bestEpoch());
    files.write(learner, checkpoint.learner().toBytes());
    if (!files.has(best)) {
      files.write(best, checkpoint.best().toSafetensors());
    }
    files.writeJson(EPOCHS, new Epochs(checkpoint.epochs(), checkpoint.bestEpoch()));
    files.deleteIf(
        file ->
            file.equals(ATTEMPTS)
                || (file.endsWith(".safetensors") && !file.equals(learner) && !file.equals(best)));
  }

  /** Removes all but the lock, which {@link #close} removes. */
  void delete() {
    // A run without a plan is void, whatever else is left of it.
    files.deleteIf(PLAN::equals);
    files.deleteIf(file -> !file.equals(LOCK));
  }

  /** Releases the lock; removes the folder if it has no plan. */
  @Override
  public void close() {
    try (lock) {
      RunFolders.alone(
          Objects.requireNonNull(folder.getParent()),
          () -> {
            boolean isVoid = !files.has(PLAN);
            if (isVoid) {
              delete();
              removeFolder();
            }
            return isVoid;
          });
    } catch (IOException e) {
      throw RunFiles.failure(folder, e);
    }
  }

  private void removeFolder() throws IOException {
    Files.deleteIfExists(folder.resolve(LOCK));
    Files.deleteIfExists(folder);
  }

  private static String learner(int epoch) {
    return "learner-" + epoch + ".safetensors";
  }

  private static String best(int epoch) {
    return "best-" + epoch + ".safetensors";
  }
}
