package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pneumostream.system.FaultSchedule.Strike;

class FaultScheduleTest {
  private static final List<Fault> ALL = Arrays.asList(Fault.values());

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(FaultSchedule.of(42, ALL, 33, 240, 1000))
        .isEqualTo(FaultSchedule.of(42, ALL, 33, 240, 1000));
  }

  @Test
  void differsForAnotherSeed() {
    assertThat(FaultSchedule.of(42, ALL, 33, 240, 1000))
        .isNotEqualTo(FaultSchedule.of(43, ALL, 33, 240, 1000));
  }

  @Test
  void hasAllFaultsEquallyOften() {
    Map<Fault, Long> counts =
        FaultSchedule.of(1, ALL, 33, 240, 1000).stream()
            .collect(Collectors.groupingBy(Strike::fault, Collectors.counting()));

    assertThat(counts).containsOnlyKeys(Fault.values());
    assertThat(counts.values()).containsOnly(3L, 4L);
    assertThat(counts.values().stream().mapToLong(count -> count).sum()).isEqualTo(33);
  }

  @Test
  void drawsOnlyGivenFaults() {
    assertThat(FaultSchedule.of(1, List.of(Fault.KILL_BROKER), 5, 10, 1000))
        .extracting(Strike::fault)
        .containsOnly(Fault.KILL_BROKER)
        .hasSize(5);
  }

  @Test
  void isInOrderAndWithinTheScans() {
    List<Strike> schedule = FaultSchedule.of(7, ALL, 1000, 3, 10);

    assertThat(schedule).isSortedAccordingTo(Comparator.comparingInt(Strike::afterScans));
    assertThat(distinct(schedule, Strike::afterScans)).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(distinct(schedule, Strike::afterMillis))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  private static List<Integer> distinct(List<Strike> schedule, Function<Strike, Integer> what) {
    return schedule.stream().map(what).distinct().toList();
  }
}
