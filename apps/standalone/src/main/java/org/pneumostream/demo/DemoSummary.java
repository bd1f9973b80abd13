package org.pneumostream.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.pneumostream.ledger.ScanAudit;
import org.pneumostream.ledger.ScanLedger;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.terminal.PredictionLine;

/**
 * Results of the demo.
 *
 * @param pushed ids of all scans that were pushed
 * @param truth true classes of the synthetic ones
 * @param predictions by scan id
 * @param modelEvents of this demo, in order
 * @param lastPushed ids of the scans that no model was trained on
 */
record DemoSummary(
    Set<String> pushed,
    Map<String, DemoScan> truth,
    Map<String, List<Prediction>> predictions,
    List<ModelEvent> modelEvents,
    Set<String> lastPushed) {

  /**
   * Whether every scan got exactly one prediction from each model that scored it, and at least one,
   * and the model was retrained.
   */
  boolean isComplete() {
    return audit().isBalanced() && trained() >= 1;
  }

  void print(PrintStream out, Duration took) {
    ScanAudit audit = audit();
    out.printf(
        "%d scans in, %d without a prediction, %d predicted twice by the same model; %d"
            + " retraining, %d s%n",
        audit.scans(),
        audit.missing().size(),
        audit.repeated().size(),
        trained(),
        took.toSeconds());
    byModel()
        .forEach(
            (version, scored) ->
                out.printf(
                    "model %s scored %d scans; %d of %d synthetic ones correctly%n",
                    version, scored.size(), right(scored), known(scored.keySet())));
    List<Prediction> last =
        lastPushed.stream()
            .flatMap(id -> predictions.getOrDefault(id, List.of()).stream())
            .toList();
    if (!last.isEmpty()) {
      out.printf(
          "%d new scans, which no model was trained on: %d correct, median %d ms from push"
              + " to prediction%n",
          lastPushed.size(),
          lastPushed.stream()
              .filter(id -> firstOf(id).filter(first -> isRight(id, first)).isPresent())
              .count(),
          median(last));
    }
  }

  private ScanAudit audit() {
    ScanLedger ledger = new ScanLedger();
    for (String id : pushed) {
      ledger.pushed(id);
      for (Prediction prediction : predictions.getOrDefault(id, List.of())) {
        ledger.predicted(id, ScanLedger.model(prediction));
      }
    }
    return ledger.audit();
  }

  private long trained() {
    return modelEvents.stream().filter(e -> e.getType() == ModelEventType.TRAINED).count();
  }

  /** Predictions of the pushed scans, by model version and scan id. */
  private Map<String, Map<String, Prediction>> byModel() {
    Map<String, Map<String, Prediction>> byModel = new TreeMap<>();
    for (String id : pushed) {
      for (Prediction prediction : predictions.getOrDefault(id, List.of())) {
        byModel
            .computeIfAbsent(prediction.getModelVersion(), version -> new TreeMap<>())
            .put(id, prediction);
      }
    }
    return byModel;
  }

  private long known(Collection<String> ids) {
    return ids.stream().filter(truth::containsKey).count();
  }

  private long right(Map<String, Prediction> scored) {
    return scored.entrySet().stream().filter(e -> isRight(e.getKey(), e.getValue())).count();
  }

  private Optional<Prediction> firstOf(String id) {
    return predictions.getOrDefault(id, List.of()).stream().findFirst();
  }

  private boolean isRight(String id, Prediction prediction) {
    return truth.containsKey(id) && truth.get(id).finding() == prediction.getFinding();
  }

  private static long median(List<Prediction> predictions) {
    List<Long> millis =
        predictions.stream().map(PredictionLine::millis).sorted().collect(Collectors.toList());
    return millis.get(millis.size() / 2);
  }
}
