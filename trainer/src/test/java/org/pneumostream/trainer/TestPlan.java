package org.pneumostream.trainer;

import java.util.List;
import java.util.Map;
import org.pneumostream.classifier.ComputeDevice;

/** Plans of runs for tests. */
final class TestPlan {
  private TestPlan() {}

  /** Of run-7, the model's second. */
  static RunPlan with(Map<Integer, Long> snapshot, Map<Integer, Long> labels) {
    return new RunPlan(
        "run-7",
        "test",
        Map.of(),
        "0",
        new ComputeDevice("cpu", 2),
        snapshot,
        labels,
        1,
        Map.of(),
        List.of(),
        null);
  }
}
