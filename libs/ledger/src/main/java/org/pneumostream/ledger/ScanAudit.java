package org.pneumostream.ledger;

import java.util.List;
import java.util.stream.Stream;

/**
 * Outcomes of the scans. Each scan is counted once: {@code scans} is the sum of the next three and
 * of the missing ones. Scans in the other lists are counted there, too.
 *
 * @param scans number of scans on record
 * @param predicted scans with a prediction and no waiting dead letter
 * @param deadLettered scans with a waiting dead letter
 * @param erased scans erased and not pushed again
 * @param missing ids of scans with none of these, in order
 * @param both ids of scans pushed once that have both a prediction and a waiting dead letter
 * @param repeated predictions made more than once by one model, in order
 * @param alertedTwice alerts made more than once by one model, in order
 * @param alertedOnly alerts without a prediction by the same model, in order
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
   * A model's outcome for one scan.
   *
   * @param model name and version
   */
  public record ByModel(String scanId, String model) {}

  /** Whether every scan and every alert is accounted for, and none twice. */
  public boolean isBalanced() {
    return Stream.of(missing, both, repeated, alertedTwice, alertedOnly).allMatch(List::isEmpty);
  }
}
