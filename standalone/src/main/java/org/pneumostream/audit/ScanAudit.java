package org.pneumostream.audit;

import java.util.List;

/**
 * What became of the scans. Each is counted once: {@code scans} is the sum of the next three and of
 * those that are missing.
 *
 * @param scans how many are on record
 * @param predicted those with a prediction and no dead letter that waits
 * @param deadLettered those with a dead letter that waits
 * @param erased those that were erased last
 * @param missing ids of those with none of these, in order
 * @param repeated what was predicted more than once by one model, in order; counted above, too
 */
public record ScanAudit(
    int scans,
    int predicted,
    int deadLettered,
    int erased,
    List<String> missing,
    List<Repeated> repeated) {

  /**
   * A scan with several predictions by one model.
   *
   * @param model name and version
   */
  public record Repeated(String scanId, String model) {}

  /** Whether every scan is accounted for, and none twice. */
  public boolean isBalanced() {
    return missing.isEmpty() && repeated.isEmpty();
  }
}
