package org.pneumostream.trainer;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pneumostream.schemas.ModelEvent;

/**
 * A run that has come to an outcome, whichever process made it.
 *
 * @param snapshot end offset of each partition of labeled-volumes at its start
 * @param labels offset of each partition of labels: the run has used those before
 * @param at when it ended
 * @param reason text of the event; names the run
 */
record PastRun(Map<Integer, Long> snapshot, Map<Integer, Long> labels, Instant at, String reason) {

  /** The run that an event is about; empty for other events. */
  static Optional<PastRun> of(ModelEvent event) {
    if (event.getSnapshot() == null || event.getLabels() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new PastRun(
            Offsets.ofRecord(event.getSnapshot()),
            Offsets.ofRecord(event.getLabels()),
            event.getAt(),
            event.getReason()));
  }

  /** The runs in a model's events, oldest first. */
  static List<PastRun> of(List<ModelEvent> events) {
    return events.stream().map(PastRun::of).flatMap(Optional::stream).toList();
  }

  /** The offset of each partition of labels up to which the last run has used them. */
  static Map<Integer, Long> used(List<ModelEvent> events) {
    List<PastRun> runs = of(events);
    return runs.isEmpty() ? Map.of() : runs.get(runs.size() - 1).labels;
  }

  /** Whether another run has used all the labels of a plan since the plan was made. */
  static boolean haveOvertaken(RunPlan plan, List<PastRun> runs) {
    return runs.stream()
        .skip(plan.runsBefore())
        .anyMatch(run -> run.covers(plan.snapshot()) && !run.reason.contains(plan.runId()));
  }

  private boolean covers(Map<Integer, Long> offsets) {
    return offsets.entrySet().stream()
        .allMatch(end -> snapshot.getOrDefault(end.getKey(), 0L) >= end.getValue());
  }
}
