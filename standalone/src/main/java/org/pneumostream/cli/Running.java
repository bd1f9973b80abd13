package org.pneumostream.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.pneumostream.service.Service;

/** Keeps a process going until it is told to stop, and stops it in order. */
final class Running {
  private static final int PATIENCE_SECONDS = 60;

  private Running() {}

  /** Runs a service until SIGTERM, Ctrl-C or its own failure, then closes it. */
  static int until(Service service) throws Exception {
    return until(service, service.stopped());
  }

  /**
   * @param stopped ends, with the reason, when the work has failed by itself
   */
  static int until(AutoCloseable work, CompletableFuture<?> stopped) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Void> told = new CompletableFuture<>();
    Thread hook =
        new Thread(
            () -> {
              told.complete(null);
              await(closed);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (work) {
      CompletableFuture.anyOf(stopped, told).get();
      return told.isDone() ? Pneumostream.DONE : Pneumostream.FAILED;
    } catch (ExecutionException e) {
      // Said in the log already, where it happened.
      return Pneumostream.FAILED;
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
