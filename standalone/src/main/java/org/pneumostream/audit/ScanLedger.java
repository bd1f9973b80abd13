package org.pneumostream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pneumostream.audit.ScanAudit.Repeated;
import org.pneumostream.schemas.Prediction;

/**
 * Accounts for every scan: in the end it has a prediction, a dead letter that waits, or was erased,
 * and no model has predicted it twice. What came before a scan was erased no longer counts. Keeps
 * ids, models and times, no values.
 */
public final class ScanLedger {
  private record Said(String model, Instant at) {}

  /** What is known of one scan. */
  private static final class Fate {
    boolean onRecord;
    boolean erasedLast;
    boolean deadLettered;
    Instant erasedAt = Instant.MIN;
    final List<Said> said = new ArrayList<>();

    /** The models of the predictions that count. */
    List<String> models() {
      return said.stream().filter(one -> one.at().isAfter(erasedAt)).map(Said::model).toList();
    }
  }

  private final Map<String, Fate> fates = new TreeMap<>();

  /** The name and version of the model that made a prediction. */
  public static String model(Prediction prediction) {
    return prediction.getModelName() + " " + prediction.getModelVersion();
  }

  /** A scan was pushed; this and {@link #erased} in the order of the scans topic. */
  public void pushed(String scanId) {
    Fate fate = fate(scanId);
    fate.onRecord = true;
    fate.erasedLast = false;
  }

  /** A scan was erased. */
  public void erased(String scanId, Instant at) {
    Fate fate = fate(scanId);
    fate.onRecord = true;
    fate.erasedLast = true;
    forgotten(scanId, at);
  }

  /** What was predicted up to then no longer counts. */
  public void forgotten(String scanId, Instant at) {
    Fate fate = fate(scanId);
    fate.erasedAt = at.isAfter(fate.erasedAt) ? at : fate.erasedAt;
  }

  /**
   * A scan was predicted.
   *
   * @param model name and version, as {@link #model} gives them
   */
  public void predicted(String scanId, String model, Instant at) {
    fate(scanId).said.add(new Said(model, at));
  }

  /** A dead letter waits because of which the scan has no prediction, or no new one. */
  public void deadLettered(String scanId) {
    fate(scanId).deadLettered = true;
  }

  /**
   * Strikes the balance. Scans that are not on record, because their record has expired, are looked
   * at for repeated predictions alone.
   */
  public ScanAudit audit() {
    int scans = 0;
    int predicted = 0;
    int deadLettered = 0;
    int erased = 0;
    List<String> missing = new ArrayList<>();
    List<Repeated> repeated = new ArrayList<>();
    for (Map.Entry<String, Fate> entry : fates.entrySet()) {
      Fate fate = entry.getValue();
      List<String> models = fate.models();
      Set<String> once = new HashSet<>();
      models.stream()
          .filter(model -> !once.add(model))
          .distinct()
          .forEach(model -> repeated.add(new Repeated(entry.getKey(), model)));
      if (!fate.onRecord) {
        continue;
      }
      scans++;
      if (fate.erasedLast) {
        erased++;
      } else if (fate.deadLettered) {
        deadLettered++;
      } else if (!models.isEmpty()) {
        predicted++;
      } else {
        missing.add(entry.getKey());
      }
    }
    return new ScanAudit(scans, predicted, deadLettered, erased, missing, repeated);
  }

  private Fate fate(String scanId) {
    return fates.computeIfAbsent(scanId, id -> new Fate());
  }
}
