package org.pneumostream.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pneumostream.standalone.ChildProcess;

/** A child process that is restarted whenever it ends, as by an orchestrator. */
final class Supervised implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String name;
  private final Path note;
  private final Runnable start;
  private final Consumer<String> tell;
  private final Executor later =
      CompletableFuture.delayedExecutor(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
  private ProcessHandle process;
  private boolean killed;
  private boolean closing;
  private int exits;

  /**
   * Starts it.
   *
   * @param note file in which a {@link ChildProcess} of that name stores its id
   * @param start starts a {@link ChildProcess} of that name
   * @param tell receives messages about the progress
   */
  Supervised(String name, Path note, Runnable start, Consumer<String> tell) {
    this.name = name;
    this.note = note;
    this.start = start;
    this.tell = tell;
    begin();
  }

  /** Kills it without warning, as soon as it runs. */
  synchronized void kill() throws InterruptedException {
    while (!process.isAlive()) {
      wait();
    }
    killed = true;
    process.destroyForcibly();
  }

  /** Id of the current process. */
  synchronized long pid() {
    return process.pid();
  }

  /** Number of times that it has ended by itself. */
  synchronized int exits() {
    return exits;
  }

  @Override
  public void close() {
    ProcessHandle last;
    synchronized (this) {
      closing = true;
      last = process;
    }
    last.destroy();
    last.onExit()
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .thenRun(last::destroyForcibly)
        .join();
    last.onExit().join();
  }

  private synchronized void begin() {
    if (closing) {
      return;
    }
    try {
      start.run();
    } catch (RuntimeException e) {
      noted().ifPresent(ProcessHandle::destroyForcibly);
      throw e;
    }
    process = noted().orElseThrow();
    process.onExit().thenRun(this::ended);
    notifyAll();
  }

  private Optional<ProcessHandle> noted() {
    try {
      return Files.exists(note)
          ? ProcessHandle.of(Long.parseLong(Files.readString(note).split(" ")[0]))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void ended() {
    if (closing) {
      return;
    }
    if (!killed) {
      exits++;
      tell.accept(name + " has ended by itself");
    }
    killed = false;
    beginLater();
  }

  private void beginLater() {
    CompletableFuture.runAsync(this::begin, later)
        .exceptionally(
            failure -> {
              tell.accept(name + " did not start: " + failure);
              beginLater();
              return null;
            });
  }
}
