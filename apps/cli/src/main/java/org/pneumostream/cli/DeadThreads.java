package org.pneumostream.cli;

import org.pneumostream.terminal.ExitStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the death of a thread that a library has started and nobody waits for. */
final class DeadThreads {
  private static final Logger log = LoggerFactory.getLogger(DeadThreads.class);

  private DeadThreads() {}

  /**
   * An error, for example in a state updater of Kafka Streams, would leave a service that runs but
   * does nothing. The process ends at once; whoever runs it restarts it, and it continues from what
   * Kafka has committed.
   */
  static void endsTheProcessOnErrors() {
    Thread.setDefaultUncaughtExceptionHandler(DeadThreads::died);
  }

  private static void died(Thread thread, Throwable failure) {
    log.error("thread {} died: {}", thread.getName(), failure.toString(), failure);
    if (failure instanceof Error) {
      // No orderly shutdown: its hooks might wait for what that thread held.
      Runtime.getRuntime().halt(ExitStatus.FAILED);
    }
  }
}
