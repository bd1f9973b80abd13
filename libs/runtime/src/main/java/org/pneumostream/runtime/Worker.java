package org.pneumostream.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that repeats one piece of work until it is stopped or fails. A failure ends it for good:
 * whoever runs the process starts it again from what Kafka has committed.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** One round of the work; returns soon after the worker is woken up. */
  public interface Round {
    void run() throws Exception;
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
   * @param wakeUp called from another thread to end a round that waits, by an exception or not
   * @param resources closed on the worker's own thread when the last round is over
   */
  public static Worker start(String name, Round round, Runnable wakeUp, AutoCloseable resources) {
    Worker worker = new Worker(name, round, wakeUp, resources);
    worker.thread.start();
    return worker;
  }

  /** Ends when the last round has failed, else when the resources are closed. */
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
      log.warn("{} has not stopped within {} s", thread.getName(), PATIENCE.toSeconds());
    }
  }

  private void repeat(String name, Round round, AutoCloseable resources) {
    try (resources) {
      repeat(name, round);
    } catch (Exception e) {
      log.warn("{} has not closed all it held: {}", name, e.toString(), e);
    }
    stopped.complete(null);
  }

  private void repeat(String name, Round round) {
    try {
      while (running) {
        round.run();
      }
    } catch (Throwable e) {
      // What a wake-up ends is no failure.
      if (running) {
        // Known at once: to close clients of a Kafka that is away takes its time.
        log.error("{} failed: {}", name, e.toString(), e);
        stopped.completeExceptionally(e);
      }
    }
  }
}
