package org.pneumostream.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats one piece of work until it is stopped or fails. A failure ends it for good;
 * whoever runs the process restarts it, and it continues from what Kafka has committed.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One round of the work; returns soon after a wake-up. */
  public interface Round {
    void run() throws Exception;
  }

  /** One round of work with a pause after it. */
  public interface PausedRound {
    /**
     * Runs the round.
     *
     * @param closing whether the worker is being closed; a long round then ends early
     * @return time until the next round
     */
    Duration run(BooleanSupplier closing) throws Exception;
  }

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Thread thread;
  private final Runnable wakeUp;
  private volatile boolean running = true;

  private Worker(String name, Round round, Runnable wakeUp, AutoCloseable resources) {
    this.wakeUp = wakeUp;
    this.thread = new Thread(() -> repeat(name, round, resources), name);
  }

  /**
   * Starts a worker.
   *
   * @param wakeUp called from another thread to end a waiting round, by an exception or not
   * @param resources closed on the worker's own thread after the last round
   */
  public static Worker start(String name, Round round, Runnable wakeUp, AutoCloseable resources) {
    Worker worker = new Worker(name, round, wakeUp, resources);
    worker.thread.start();
    return worker;
  }

  /** Starts a worker that pauses after each round, by an interval; closing it ends a pause. */
  public static Worker every(String name, Duration interval, Round round) {
    return pausing(
        name,
        closing -> {
          round.run();
          return interval;
        });
  }

  /** Starts a worker whose rounds choose the pause after them; closing it ends a pause. */
  public static Worker pausing(String name, PausedRound round) {
    CountDownLatch closing = new CountDownLatch(1);
    return start(
        name,
        () -> {
          Duration pause = round.run(() -> closing.getCount() == 0);
          closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        },
        closing::countDown,
        () -> {});
  }

  /** Completes exceptionally if a round fails, otherwise when the resources are closed. */
  public CompletableFuture<Void> stopped() {
    return stopped;
  }

  public boolean isRunning() {
    return running && !stopped.isDone();
  }

  @Override
  public void close() {
    running = false;
    wakeUp.run();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} did not stop within {} s", thread.getName(), PATIENCE.toSeconds());
    }
  }

  private void repeat(String name, Round round, AutoCloseable resources) {
    try (resources) {
      repeat(name, round);
    } catch (Exception e) {
      log.warn("{} could not close its resources: {}", name, e.toString(), e);
    }
    stopped.complete(null);
  }

  private void repeat(String name, Round round) {
    try {
      while (running) {
        round.run();
      }
    } catch (Throwable e) {
      // An exception from a wake-up is not a failure.
      if (running) {
        // Completes before closing, since closing clients of an unavailable Kafka takes time.
        log.error("{} failed: {}", name, e.toString(), e);
        stopped.completeExceptionally(e);
      }
    }
  }
}
