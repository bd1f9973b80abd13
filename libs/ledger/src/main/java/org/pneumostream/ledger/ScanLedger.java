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
 * Accounts for every scan: in the end it has a prediction, a dead letter that waits, or was erased,
 * no model has predicted it twice, and alerts are of its predictions. What came before a scan was
 * erased no longer counts. Keeps ids and models, no values.
 */
public final class ScanLedger {
  /** What is known of one scan. */
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

  /** The name and version of the model that made a prediction. */
  public static String model(Prediction prediction) {
    return prediction.getModelName() + " " + prediction.getModelVersion();
  }

  /** The same of the model that an alert is about. */
  static String model(Alert alert) {
    return alert.getModelName() + " " + alert.getModelVersion();
  }

  /** A scan was pushed; this and {@link #erased} in the order of the scans topic. */
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
   * A scan was predicted; this and {@link #predictionsErased} in the order of their topic.
   *
   * @param model name and version, as {@link #model} gives them
   */
  public void predicted(String scanId, String model) {
    fate(scanId).predictedBy.add(model);
  }

  /** What was predicted up to now no longer counts. */
  public void predictionsErased(String scanId) {
    fate(scanId).predictedBy.clear();
  }

  /** There was an alert; this and {@link #alertsErased} in the order of their topic. */
  void alerted(String scanId, String model) {
    fate(scanId).alertedBy.add(model);
  }

  /** Alerts up to now no longer count. */
  void alertsErased(String scanId) {
    fate(scanId).alertedBy.clear();
  }

  /** A dead letter waits because of which the scan has no prediction, or no new one. */
  public void deadLettered(String scanId) {
    fate(scanId).deadLettered = true;
  }

  /**
   * Strikes the balance. Scans that are not on record, because their record has expired, are looked
   * at for what is there twice alone.
   */
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
        // One that was pushed again may have passed once and failed once.
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

  /** Those that are there more than once. */
  private static List<String> twice(List<String> models) {
    Set<String> once = new HashSet<>();
    return models.stream().filter(model -> !once.add(model)).distinct().toList();
  }

  private Fate fate(String scanId) {
    return fates.computeIfAbsent(scanId, id -> new Fate());
  }
}
