package org.pneumostream.trainer;

import java.util.Map;
import java.util.Optional;

/**
 * Result of a retraining.
 *
 * @param runId the run; key of its records in training-epochs
 * @param snapshot end offset of each partition of labeled-volumes at its start
 * @param leftOut number of unsuitable scans, by reason
 * @param publication the published version; empty if the run was refused
 * @param reason why it was refused, or why the version did or did not become champion
 */
public record RetrainingOutcome(
    String runId,
    Map<Integer, Long> snapshot,
    Map<String, Long> leftOut,
    Optional<Publication> publication,
    String reason) {

  /** {@code refused}, {@code promoted} or {@code rejected}. */
  public String word() {
    return publication.map(Publication::word).orElse("refused");
  }

  /** Like {@code version 3 promoted: auroc 0.9500 beats ...}. */
  public String summary() {
    return publication.map(Publication::summary).orElse("refused: " + reason);
  }
}
