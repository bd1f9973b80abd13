package org.pneumostream.trainer;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pneumostream.schemas.ModelEvent;

/**
 * A finished run of any process, which has used the labels of its snapshot.
 *
 * @param snapshot end offset of each partition of labeled-volumes at its start
 * @param at when it ended
 * @param reason text of the event; names the run
 */
record PastRun(Map<Integer, Long> snapshot, Instant at, String reason) {

  /** The run that an event is about; empty for other events. */
  static Optional<PastRun> of(ModelEvent event) {
    if (event.getSnapshot() == null) {
      return Optional.empty();
    }
    Map<Integer, Long> snapshot = new HashMap<>();
    event.getSnapshot().forEach((partition, end) -> snapshot.put(Integer.valueOf(partition), end));
    return Optional.of(new PastRun(snapshot, event.getAt(), event.getReason()));
  }

  /** The runs in a model's events, oldest first. */
  static List<PastRun> of(List<ModelEvent> events) {
    return events.stream().map(PastRun::of).flatMap(Optional::stream).toList();
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
