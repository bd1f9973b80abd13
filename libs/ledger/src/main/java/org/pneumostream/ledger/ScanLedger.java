package org.pneumostream.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pneumostream.ledger.ScanAudit.ByModel;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.Prediction;

/**
 * Accounts for every scan: it must end with a prediction, with a waiting dead letter, or erased; no
 * model may predict it twice, and every alert needs its prediction. Outcomes before an erasure do
 * not count. Keeps ids and models, no values.
 */
public final class ScanLedger {
  /** Observations about one scan. */
  private static final class Fate {
    int pushes;
    boolean erasedLast;
    boolean deadLettered;
    final List<String> predictedBy = new ArrayList<>();
    final List<String> alertedBy = new ArrayList<>();

    boolean isOnRecord() {
      return pushes > 0 || erasedLast;
    }
  }

  private final Map<String, Fate> fates = new TreeMap<>();

  /** Name and version of a prediction's model. */
  public static String model(Prediction prediction) {
    return prediction.getModelName() + " " + prediction.getModelVersion();
  }

  /** Name and version of an alert's model. */
  static String model(Alert alert) {
    return alert.getModelName() + " " + alert.getModelVersion();
  }

  /** A scan was pushed; call this and {@link #erased} in the order of the scans topic. */
  public void pushed(String scanId) {
    Fate fate = fate(scanId);
    fate.pushes++;
    fate.erasedLast = false;
  }

  /** A scan was erased. */
  public void erased(String scanId) {
    Fate fate = fate(scanId);
    fate.pushes = 0;
    fate.erasedLast = true;
  }

  /**
   * A scan was predicted; call this and {@link #predictionsErased} in the order of their topic.
   *
   * @param model name and version, as {@link #model} returns them
   */
  public void predicted(String scanId, String model) {
    fate(scanId).predictedBy.add(model);
  }

  /** Earlier predictions of the scan no longer count. */
  public void predictionsErased(String scanId) {
    fate(scanId).predictedBy.clear();
  }

  /** There was an alert; call this and {@link #alertsErased} in the order of their topic. */
  void alerted(String scanId, String model) {
    fate(scanId).alertedBy.add(model);
  }

  /** Earlier alerts of the scan no longer count. */
  void alertsErased(String scanId) {
    fate(scanId).alertedBy.clear();
  }

  /** A waiting dead letter keeps the scan from a prediction, or from a new one. */
  public void deadLettered(String scanId) {
    fate(scanId).deadLettered = true;
  }

  /** Computes the audit. Scans whose record has expired are only checked for duplicates. */
  public ScanAudit audit() {
    int scans = 0;
    int predicted = 0;
    int deadLettered = 0;
    int erased = 0;
    List<String> missing = new ArrayList<>();
    List<String> both = new ArrayList<>();
    List<ByModel> repeated = new ArrayList<>();
    List<ByModel> alertedTwice = new ArrayList<>();
    List<ByModel> alertedOnly = new ArrayList<>();
    for (Map.Entry<String, Fate> entry : fates.entrySet()) {
      String id = entry.getKey();
      Fate fate = entry.getValue();
      twice(fate.predictedBy).forEach(model -> repeated.add(new ByModel(id, model)));
      twice(fate.alertedBy).forEach(model -> alertedTwice.add(new ByModel(id, model)));
      if (!fate.isOnRecord()) {
        continue;
      }
      Set<String> unfounded = new HashSet<>(fate.alertedBy);
      fate.predictedBy.forEach(unfounded::remove);
      unfounded.stream().sorted().forEach(model -> alertedOnly.add(new ByModel(id, model)));
      scans++;
      if (fate.erasedLast) {
        erased++;
      } else if (fate.deadLettered) {
        deadLettered++;
        // A scan pushed again may have succeeded once and failed once.
        if (!fate.predictedBy.isEmpty() && fate.pushes == 1) {
          both.add(id);
        }
      } else if (!fate.predictedBy.isEmpty()) {
        predicted++;
      } else {
        missing.add(id);
      }
    }
    return new ScanAudit(
        scans, predicted, deadLettered, erased, missing, both, repeated, alertedTwice, alertedOnly);
  }

  /** Models that occur more than once. */
  private static List<String> twice(List<String> models) {
    Set<String> once = new HashSet<>();
    return models.stream().filter(model -> !once.add(model)).distinct().toList();
  }

  private Fate fate(String scanId) {
    return fates.computeIfAbsent(scanId, id -> new Fate());
  }
}
