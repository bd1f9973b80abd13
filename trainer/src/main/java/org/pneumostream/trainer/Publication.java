package org.pneumostream.trainer;

import org.pneumostream.schemas.ModelVersion;

/**
 * A published candidate.
 *
 * @param version the new version, without its weights
 * @param contest its comparison with the former champion, and the decision
 */
public record Publication(ModelVersion version, Contest contest) {
  public boolean isPromoted() {
    return contest.decision().promoted();
  }

  /** {@code promoted} or {@code rejected}. */
  String word() {
    return isPromoted() ? "promoted" : "rejected";
  }

  /** Like {@code version 3 promoted: auroc 0.9500 beats ...}. */
  public String summary() {
    return "version %s %s: %s".formatted(version.getVersion(), word(), contest.decision().reason());
  }
}
