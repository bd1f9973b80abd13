package org.pneumostream.system;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for a condition of a system in which any part may be down. */
final class Condition {
  private static final Duration POLL = Duration.ofMillis(500);

  private Condition() {}

  /**
   * @param holds an exception counts as false
   * @throws AssertionError if it does not hold within the time
   */
  static void await(String what, Duration atMost, Callable<Boolean> holds)
      throws InterruptedException {
    Instant end = Instant.now().plus(atMost);
    Exception last = null;
    while (Instant.now().isBefore(end)) {
      try {
        if (holds.call()) {
          return;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    }
    throw new AssertionError("not within " + atMost.toSeconds() + " s: " + what, last);
  }
}
