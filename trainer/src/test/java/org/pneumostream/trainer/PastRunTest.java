package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PastRunTest {
  private static final RunPlan PLAN = TestPlan.with(Map.of(0, 12L, 1, 7L), Map.of());
  private static final PastRun BEFORE = run("run run-6", Map.of(0, 12L, 1, 7L));

  @Test
  void aRunIsOvertakenByOneThatUsedItsLabelsSinceItWasPlanned() {
    assertThat(overtakenBy("run run-8", Map.of(0, 12L, 1, 8L))).isTrue();
    assertThat(overtakenBy("run run-8", Map.of(0, 12L, 1, 6L))).isFalse();
    assertThat(overtakenBy("run run-8", Map.of(0, 12L))).isFalse();
  }

  @Test
  void aRunIsNotOvertakenByItselfOrByOneBeforeIt() {
    assertThat(PastRun.haveOvertaken(PLAN, List.of(BEFORE))).isFalse();
    assertThat(overtakenBy("run run-7 on 20 scans", Map.of(0, 12L, 1, 7L))).isFalse();
  }

  private static boolean overtakenBy(String reason, Map<Integer, Long> snapshot) {
    return PastRun.haveOvertaken(PLAN, List.of(BEFORE, run(reason, snapshot)));
  }

  private static PastRun run(String reason, Map<Integer, Long> snapshot) {
    return new PastRun(snapshot, Map.of(), Instant.EPOCH, reason);
  }
}
