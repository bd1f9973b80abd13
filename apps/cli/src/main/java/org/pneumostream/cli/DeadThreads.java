package org.pneumostream.cli;

import org.pneumostream.terminal.ExitStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens when a thread dies that a library has started, and whose end nobody waits for. */
final class DeadThreads {
  private static final Logger log = LoggerFactory.getLogger(DeadThreads.class);

  private DeadThreads() {}

  /**
   * An error, as of a state updater of Kafka Streams, leaves a service that lives and does nothing:
   * it ends at once, and whoever runs it starts it again from what Kafka has committed.
   */
  static void endsTheProcessOnErrors() {
    Thread.setDefaultUncaughtExceptionHandler(DeadThreads::died);
  }

  private static void died(Thread thread, Throwable failure) {
    log.error("thread {} died: {}", thread.getName(), failure.toString(), failure);
    if (failure instanceof Error) {
      // No orderly end: its hooks might wait for what that thread held.
      Runtime.getRuntime().halt(ExitStatus.FAILED);
    }
  }
}
