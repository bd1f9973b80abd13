package org.pneumostream.cli;

import ch.qos.logback.classic.Level;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.pneumostream.terminal.ExitStatus;

/** Runs something in the foreground until the process is stopped, then stops it in order. */
public final class Foreground {
  private static final int PATIENCE_SECONDS = 60;

  private Foreground() {}

  /**
   * As {@link #run}, for a service: it logs what it does, and ends the process if a thread of a
   * library dies of an error.
   */
  public static <T extends AutoCloseable> int runService(
      Callable<T> start, Function<T, CompletableFuture<?>> stopped) throws Exception {
    RootLogger.set(Level.INFO);
    DeadThreads.endsTheProcessOnErrors();
    return run(start, stopped);
  }

  /**
   * Starts something and runs it until SIGTERM, Ctrl-C or its own end, then closes it. If it is
   * stopped while it starts, it is closed as soon as it has started, with everything that it
   * started.
   *
   * @param stopped completes with an exit status, or exceptionally
   */
  public static <T extends AutoCloseable> int run(
      Callable<T> start, Function<T, CompletableFuture<?>> stopped) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Integer> told = new CompletableFuture<>();
    Thread hook =
        new Thread(
            () -> {
              told.complete(ExitStatus.DONE);
              await(closed);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (T work = start.call()) {
      Object ended = CompletableFuture.anyOf(told, stopped.apply(work)).get();
      return ended instanceof Integer status ? status : ExitStatus.FAILED;
    } finally {
      closed.countDown();
    }
  }

  private static void await(CountDownLatch closed) {
    try {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
