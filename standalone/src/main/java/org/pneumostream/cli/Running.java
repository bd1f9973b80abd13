package org.pneumostream.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
   * @param stopped ends by itself with an exit status, or for another reason: a failure
   */
  static int until(AutoCloseable work, CompletableFuture<?> stopped) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Integer> told = new CompletableFuture<>();
    Thread hook =
        new Thread(
            () -> {
              told.complete(Pneumostream.DONE);
              await(closed);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (work) {
      Object ended = CompletableFuture.anyOf(stopped, told).get();
      return ended instanceof Integer status ? status : Pneumostream.FAILED;
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
