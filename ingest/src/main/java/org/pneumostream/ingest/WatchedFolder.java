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
 * A folder whose files are taken once they are whole, and then moved to its {@code done/}, or to
 * its {@code rejected/} beside a {@code NAME.error.txt} that says why. A file counts as whole when
 * nothing has been written to it for a while, no process seen here has it open for writing, and it
 * does not end with zeros; one that does waits for a minute longer. Only the folder itself is
 * looked at, not what is below it. Hidden files and those named {@code .part} or {@code .tmp} are
 * left alone, and so is everything while Kafka or the disk cannot take it.
 *
 * <p>Logs name no file, since its name may be a patient's.
 *
 * <p>A crash between publishing and moving publishes the file again at the next start, under the
 * same key. For one thread.
 */
final class WatchedFolder {
  private static final Logger log = LoggerFactory.getLogger(WatchedFolder.class);
  private static final List<String> UNFINISHED = List.of(".part", ".tmp");

  /**
   * How much longer than others a file waits that may be unfinished: half of a pair, and what ends
   * with zeros.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** How long a file that could not be read or moved is left alone. */
  private static final Duration STUCK = Duration.ofMinutes(1);

  private static final String ERROR_FILE = ".error.txt";

  /** What file systems' 255 bytes leave of a name before {@link #ERROR_FILE}. */
  private static final int MAX_NAME_BYTES = 255 - ERROR_FILE.length();

  private static final Provenance PROVENANCE = Provenance.of(ScanSource.WATCHED_FOLDER);

  /** What a file looked like, and since when. */
  private record Sight(FileState state, Instant since) {}

  private final Path folder;
  private final Path done;
  private final Path rejected;
  private final Duration settle;
  private final Clock clock;
  private final ScanIntake intake;
  private final UnfinishedFiles unfinished = new UnfinishedFiles(Path.of("/proc"));
  private final Map<Path, Sight> sights = new HashMap<>();

  /** Files that could not be read or moved, and when to try them again. */
  private final Map<Path, Instant> stuckUntil = new HashMap<>();

  private volatile String problem = "";
  private volatile int waiting;

  /**
   * @param settle how long a file must not have changed, in size or time, before it is taken
   * @throws IOException if the folder is none, or files cannot be moved within it
   */
  WatchedFolder(Path folder, Duration settle, Clock clock, ScanIntake intake) throws IOException {
    this.folder = folder;
    this.done = Files.createDirectories(folder.resolve("done"));
    this.rejected = Files.createDirectories(folder.resolve("rejected"));
    this.settle = settle;
    this.clock = clock;
    this.intake = intake;
  }

  /** Empty, or why files are left where they are. */
  String problem() {
    return problem;
  }

  /** How many files there were at the last look that are not taken yet. */
  int waiting() {
    return waiting;
  }

  /** Looks once, and takes what is ready. */
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
      // Told when it is taken.
      return false;
    }
  }

  private void take(ScanFile scan) throws UnavailableException {
    try {
      try {
        Outcome outcome = intake.accept(scan, PROVENANCE);
        if (outcome instanceof Outcome.Rejected rejected) {
          log.warn("watched folder: a file rejected: {}", rejected.reason().label());
          reject(scan, rejected.message());
        } else {
          move(scan, done);
        }
      } catch (KafkaException e) {
        throw new UnavailableException("Kafka: " + e.getMessage(), e);
      } catch (RuntimeException e) {
        // A defect that this file brings out must not keep the others from their way.
        log.error("watched folder: a file rejected for a defect of ingest: {}", trace(e, false));
        reject(scan, "cannot be read, for a defect of ingest: " + trace(e, true));
      }
    } catch (NoSuchFileException e) {
      // Whoever brought it has taken it away again.
      sights.keySet().removeAll(scan.paths());
    } catch (IOException e) {
      log.warn(
          "watched folder: a file is left where it is for {} s: {}",
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
   * Where a failure has come from.
   *
   * @param withMessage whether to tell the message, too, which may quote the file
   */
  private static String trace(RuntimeException failure, boolean withMessage) {
    return Stream.concat(
            Stream.of(withMessage ? failure.toString() : failure.getClass().getName()),
            Arrays.stream(failure.getStackTrace()).map(frame -> "    at " + frame))
        .collect(Collectors.joining("\n"));
  }

  /** Moves the files under one free prefix, and returns where the first one lies. */
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
        log.info("watched folder: files are taken again");
      } else {
        log.warn("watched folder: files are left where they are: {}", next);
      }
      problem = next;
    }
  }
}
