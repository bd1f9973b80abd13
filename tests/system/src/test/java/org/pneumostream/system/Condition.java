package org.pneumostream.system;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for something to become true of a system in which anything may be away just now. */
final class Condition {
  private static final Duration POLL = Duration.ofMillis(500);

  private Condition() {}

  /**
   * @param holds an exception counts as no
   * @throws AssertionError if it does not within the time
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
