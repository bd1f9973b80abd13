package org.pneumostream.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.pneumostream.schemas.ScanSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder whose files are published once they are complete, and then moved to its {@code done/},
 * or to its {@code rejected/} beside a {@code NAME.error.txt} with the reason. A file counts as
 * complete if nothing has been written to it for a while, no visible process has it open for
 * writing, and it does not end with zeros; a file that does waits a minute longer. Subfolders are
 * ignored, and so are hidden files and files named {@code .part} or {@code .tmp}. All files stay in
 * place while Kafka or the disk is unavailable.
 *
 * <p>Logs name no file, since its name may be a patient's.
 *
 * <p>After a crash between publishing and moving, the next start publishes the file again, under
 * the same key. For one thread.
 */
final class WatchedFolder {
  private static final Logger log = LoggerFactory.getLogger(WatchedFolder.class);
  private static final List<String> UNFINISHED = List.of(".part", ".tmp");

  /**
   * How much longer a possibly incomplete file waits: half of a pair, or a file that ends with
   * zeros.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How long a file that could not be read or moved is left alone. */
  private static final Duration STUCK = Duration.ofMinutes(1);

  private static final String ERROR_FILE = ".error.txt";

  /** Limit on a name before {@link #ERROR_FILE}, so that file systems' 255 bytes suffice. */
  private static final int MAX_NAME_BYTES = 255 - ERROR_FILE.length();

  private static final Provenance PROVENANCE = Provenance.of(ScanSource.WATCHED_FOLDER);

  /** A file's state, and since when it has it. */
  private record Sight(FileState state, Instant since) {}

  private final Path folder;
  private final Path done;
  private final Path rejected;
  private final Duration settle;
  private final Clock clock;
  private final ScanIntake intake;
  private final UnfinishedFiles unfinished = new UnfinishedFiles(Path.of("/proc"));
  private final Map<Path, Sight> sights = new HashMap<>();

  /** Files that could not be read or moved, and when to retry them. */
  private final Map<Path, Instant> stuckUntil = new HashMap<>();

  private volatile String problem = "";
  private volatile int waiting;

  /**
   * @param settle how long size and time of a file must not have changed before it is published
   * @throws IOException if the folder does not exist, or files cannot be moved within it
   */
  WatchedFolder(Path folder, Duration settle, Clock clock, ScanIntake intake) throws IOException {
    this.folder = folder;
    this.done = Files.createDirectories(folder.resolve("done"));
    this.rejected = Files.createDirectories(folder.resolve("rejected"));
    this.settle = settle;
    this.clock = clock;
    this.intake = intake;
  }

  /** Why files stay in place; empty if they do not. */
  String problem() {
    return problem;
  }

  /** Number of unpublished files at the last look. */
  int waiting() {
    return waiting;
  }

  /** Looks once, and publishes the files that are ready. */
  void look() {
    try {
      List<Path> files = files();
      waiting = files.size();
      see(files);
      for (ScanFile scan : ready(files)) {
        if (isWhole(scan)) {
          take(scan);
        }
      }
      report("");
    } catch (UnavailableException | IOException e) {
      report(
          e instanceof UnavailableException
              ? e.getMessage()
              : e.getClass().getSimpleName() + ": " + folder);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(WatchedFolder::isWanted).filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isWanted(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return !name.startsWith(".") && UNFINISHED.stream().noneMatch(name::endsWith);
  }

  private void see(List<Path> files) throws IOException {
    sights.keySet().retainAll(files);
    stuckUntil.keySet().retainAll(files);
    for (Path file : files) {
      try {
        Sight now = new Sight(FileState.of(file), clock.instant());
        sights.merge(
            file, now, (before, next) -> before.state().equals(next.state()) ? before : next);
      } catch (NoSuchFileException e) {
        sights.remove(file);
      }
    }
  }

  private List<ScanFile> ready(List<Path> files) {
    List<ScanFile> ready = new ArrayList<>();
    Set<Path> taken = new HashSet<>();
    for (Path file : files) {
      Optional<ScanFile> whole = ScanFile.among(file, files);
      boolean isReady =
          whole.isPresent()
              ? whole.get().paths().stream().allMatch(half -> unchangedFor(half, settle))
              : unchangedFor(file, settle.plus(PATIENCE));
      ScanFile scan = whole.orElseGet(() -> new ScanFile(file, Optional.empty()));
      if (isReady && taken.addAll(scan.paths())) {
        ready.add(scan);
      }
    }
    return ready;
  }

  private boolean unchangedFor(Path file, Duration time) {
    Sight sight = sights.get(file);
    Instant now = clock.instant();
    return sight != null
        && !stuckUntil.getOrDefault(file, Instant.MIN).isAfter(now)
        && !sight.since().plus(time).isAfter(now);
  }

  private boolean isWhole(ScanFile scan) {
    return scan.paths().stream()
        .noneMatch(path -> unfinished.isBeingWritten(path) || isWaitedFor(path));
  }

  /** Whether a file ends with zeros, and has not done so for long. */
  private boolean isWaitedFor(Path file) {
    try {
      return !unchangedFor(file, settle.plus(PATIENCE)) && UnfinishedFiles.endsWithZeros(file);
    } catch (IOException e) {
      // Publishing the file will report the error.
      return false;
    }
  }

  private void take(ScanFile scan) throws UnavailableException {
    try {
      try {
        Outcome outcome = intake.accept(scan, PROVENANCE);
        if (outcome instanceof Outcome.Rejected rejected) {
          log.warn("watched folder: rejected a file: {}", rejected.reason().label());
          reject(scan, rejected.message());
        } else {
          move(scan, done);
        }
      } catch (KafkaException e) {
        throw new UnavailableException("Kafka: " + e.getMessage(), e);
      } catch (RuntimeException e) {
        // A defect that this file triggers must not block the other files.
        log.error(
            "watched folder: rejected a file because of a defect of ingest: {}", trace(e, false));
        reject(scan, "cannot be read because of a defect of ingest: " + trace(e, true));
      }
    } catch (NoSuchFileException e) {
      // Its owner has removed it again.
      sights.keySet().removeAll(scan.paths());
    } catch (IOException e) {
      log.warn(
          "watched folder: a file stays in place for {} s: {}",
          STUCK.toSeconds(),
          e.getClass().getSimpleName());
      scan.paths().forEach(path -> stuckUntil.put(path, clock.instant().plus(STUCK)));
    }
  }

  private void reject(ScanFile scan, String reason) throws IOException {
    Path moved = move(scan, rejected);
    String name = moved.getFileName().toString();
    while (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    Files.writeString(moved.resolveSibling(name + ERROR_FILE), reason + "\n");
  }

  /**
   * The stack trace of a failure.
   *
   * @param withMessage whether to include the message, which may quote the file
   */
  private static String trace(RuntimeException failure, boolean withMessage) {
    return Stream.concat(
            Stream.of(withMessage ? failure.toString() : failure.getClass().getName()),
            Arrays.stream(failure.getStackTrace()).map(frame -> "    at " + frame))
        .collect(Collectors.joining("\n"));
  }

  /** Moves the files under one unused prefix, and returns the new path of the first. */
  private static Path move(ScanFile scan, Path target) throws IOException {
    String prefix = "";
    for (int n = 2; isTaken(scan, target, prefix); n++) {
      prefix = n + "-";
    }
    for (Path path : scan.paths()) {
      Files.move(path, target.resolve(prefix + path.getFileName()));
    }
    return target.resolve(prefix + scan.name());
  }

  private static boolean isTaken(ScanFile scan, Path target, String prefix) {
    return scan.paths().stream()
        .map(path -> target.resolve(prefix + path.getFileName()))
        .anyMatch(Files::exists);
  }

  private void report(String next) {
    if (!next.equals(problem)) {
      if (next.isEmpty()) {
        log.info("watched folder: publishing files again");
      } else {
        log.warn("watched folder: files stay in place: {}", next);
      }
      problem = next;
    }
  }
}
