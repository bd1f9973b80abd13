package org.pneumostream.ledger;

import java.util.List;
import java.util.stream.Stream;

/**
 * What became of the scans. Each is counted once: {@code scans} is the sum of the next three and of
 * those that are missing. What the lists name is counted there, too.
 *
 * @param scans how many are on record
 * @param predicted those with a prediction and no dead letter that waits
 * @param deadLettered those with a dead letter that waits
 * @param erased those that were erased last
 * @param missing ids of those with none of these, in order
 * @param both ids of those that were pushed once and have a prediction and a dead letter that waits
 * @param repeated what was predicted more than once by one model, in order
 * @param alertedTwice what was alerted more than once by one model, in order
 * @param alertedOnly alerts without a prediction by that model, in order
 */
public record ScanAudit(
    int scans,
    int predicted,
    int deadLettered,
    int erased,
    List<String> missing,
    List<String> both,
    List<ByModel> repeated,
    List<ByModel> alertedTwice,
    List<ByModel> alertedOnly) {

  /**
   * What one model said of one scan.
   *
   * @param model name and version
   */
  public record ByModel(String scanId, String model) {}

  /** Whether every scan is accounted for, none twice, and every alert. */
  public boolean isBalanced() {
    return Stream.of(missing, both, repeated, alertedTwice, alertedOnly).allMatch(List::isEmpty);
  }
}
