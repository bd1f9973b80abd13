package org.pneumostream.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A child JVM. Its output goes to a log file in the data directory. Its process id is stored there,
 * so that a child left over from a killed run is ended before the next one starts.
 */
public final class ChildProcess implements AutoCloseable {
  /** Process id and start time. */
  private static final Pattern NOTE = Pattern.compile("(\\d{1,18}) (\\S+)\n");

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String name;
  private final Process process;
  private final Path log;
  private final long logStart;
  private final Path note;
  private final CompletableFuture<Void> ended;
  private volatile boolean closing;

  private ChildProcess(String name, Process process, Path log, long logStart, Path note) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.logStart = logStart;
    this.note = note;
    this.ended = process.onExit().thenAccept(this::checkAsked);
  }

  /**
   * Starts a JVM.
   *
   * @param name of the child, for its log file and messages
   * @param javaArguments arguments of {@code java}
   */
  public static ChildProcess start(
      String name,
      DataDirectory data,
      Map<String, String> environment,
      List<String> javaArguments) {
    Path note = data.resolve(name + ".pid");
    Path log = data.resolve("logs").resolve(name + ".log");
    try {
      endLeftOver(name, data);
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      ProcessBuilder builder = new ProcessBuilder(command(javaArguments));
      Map<String, String> variables = builder.environment();
      // The allocator settings suit the network's large temporaries, and waste memory in a broker.
      variables.keySet().removeIf(key -> key.startsWith("MALLOC_") || key.equals("LD_PRELOAD"));
      // Our settings may be secrets, and the child does not need them.
      variables.keySet().removeIf(key -> key.startsWith("PNEUMOSTREAM_"));
      variables.putAll(environment);
      builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      Process process = builder.start();
      Files.writeString(note, process.pid() + " " + startedAt(process.toHandle()) + "\n");
      return new ChildProcess(name, process, log, logStart, note);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** Runs a JVM and waits for its end. */
  public static void runToEnd(String name, DataDirectory data, List<String> javaArguments) {
    try (ChildProcess child = start(name, data, Map.of(), javaArguments)) {
      if (child.process.waitFor() != 0) {
        throw child.endedUnasked();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " ran", e);
    }
  }

  /** Waits until the child answers; fails at once if it ends instead. */
  public void awaitReady(BooleanSupplier ready, Duration atMost) {
    Instant end = Instant.now().plus(atMost);
    while (!ready.getAsBoolean()) {
      try {
        if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          throw endedUnasked();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while " + name + " started", e);
      }
      if (Instant.now().isAfter(end)) {
        throw failure("did not answer within " + atMost.toSeconds() + " s");
      }
    }
  }

  /** Completes when the child has ended; exceptionally, unless it was told to end. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    closing = true;
    end(process.toHandle());
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkAsked(Process child) {
    if (!closing) {
      throw endedUnasked();
    }
  }

  private IllegalStateException endedUnasked() {
    String reason = LastWords.of(log, logStart);
    return failure(
        "ended with status " + process.exitValue() + (reason.isEmpty() ? "" : ": " + reason));
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException(name + " " + what + "; see " + log);
  }

  private static List<String> command(List<String> javaArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A child that has lost a thread for lack of memory would stay and do nothing.
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(javaArguments);
    return command;
  }

  /** Ends a child that a killed run has left in this directory, if any. */
  static void endLeftOver(String name, DataDirectory data) {
    Path note = data.resolve(name + ".pid");
    try {
      if (Files.exists(note)) {
        noted(Files.readString(note)).ifPresent(ChildProcess::end);
        Files.delete(note);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + note, e);
    }
  }

  /** The process in a note; empty if it has ended or the note is incomplete. */
  private static Optional<ProcessHandle> noted(String note) {
    Matcher matcher = NOTE.matcher(note);
    return matcher.matches()
        // Ids are reused; the start time distinguishes the processes.
        ? ProcessHandle.of(Long.parseLong(matcher.group(1)))
            .filter(process -> startedAt(process).equals(matcher.group(2)))
        : Optional.empty();
  }

  private static String startedAt(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
