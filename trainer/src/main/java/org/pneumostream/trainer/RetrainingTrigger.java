package org.pneumostream.trainer;

import java.time.Duration;
import java.util.Optional;

/**
 * Conditions that start a run.
 *
 * @param minNewLabels newly labeled scans that start a run
 * @param interval time since the last run after which one newly labeled scan starts the next
 */
record RetrainingTrigger(int minNewLabels, Duration interval) {

  /**
   * Why a run should start now; empty if none should.
   *
   * @param newLabels scans labeled since the last run's snapshot
   * @param sinceLastRun time since the last run
   * @param asked whether a run was requested
   */
  Optional<String> due(int newLabels, Duration sinceLastRun, boolean asked) {
    if (asked) {
      return Optional.of("requested");
    }
    if (newLabels >= minNewLabels) {
      return Optional.of(newLabels + " new labels");
    }
    if (newLabels > 0 && sinceLastRun.compareTo(interval) >= 0) {
      return Optional.of("%d new labels in %d s".formatted(newLabels, sinceLastRun.toSeconds()));
    }
    return Optional.empty();
  }
}
