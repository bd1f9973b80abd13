package org.pneumostream.runtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Repeats a check on a thread of its own. Readiness is answered at once from the latest result,
 * even while a check hangs.
 */
public final class Probe implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** A check that takes longer counts as a problem. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A single check. */
  @FunctionalInterface
  public interface Look {
    /**
     * What is wrong; empty if nothing is.
     *
     * @throws Exception with a message that says what is wrong
     */
    String problem() throws Exception;
  }

  private final String of;
  private final Look look;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile String problem;
  private volatile long lookedAt = System.nanoTime();

  private Probe(String of, Look look) {
    this.of = of;
    this.look = look;
    this.problem = of + " has not answered yet";
    this.thread = new Thread(this::repeat, "probe-" + of.replace(' ', '-'));
    thread.setDaemon(true);
  }

  /**
   * Starts the checks.
   *
   * @param of what is checked, for messages
   */
  public static Probe start(String of, Look look) {
    Probe probe = new Probe(of, look);
    probe.thread.start();
    return probe;
  }

  /** The result of the latest check; empty if nothing is wrong. */
  public String problem() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lookedAt);
    return seconds > PATIENCE.plus(EVERY).toSeconds()
        ? of + " has not answered for " + seconds + " s"
        : problem;
  }

  /** Returns at once, even while a check hangs. */
  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
  }

  private void repeat() {
    try {
      do {
        problem = found();
        lookedAt = System.nanoTime();
      } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private String found() throws InterruptedException {
    try {
      String found = look.problem();
      return found.isEmpty() ? "" : of + ": " + found;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return of + ": " + Objects.requireNonNullElseGet(e.getMessage(), e::toString);
    }
  }
}
