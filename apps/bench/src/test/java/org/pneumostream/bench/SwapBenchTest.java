package org.pneumostream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pneumostream.bench.VolumeStream.Passage;

class SwapBenchTest {
  @Test
  void twoPredictionsBeforeAndAfterAChangeOfVersionBelongToTheSwap() {
    List<Passage> passages =
        passages("1 90", "1 10", "1 11", "1 12", "2 18", "2 13", "2 80", "2 10", "2 10", "2 10");

    assertThat(SwapBench.figures(passages))
        .containsEntry("runs", 10)
        .containsEntry("median_ms", 11.5)
        .containsEntry("min_ms", 10.0)
        .containsEntry("p99_ms", 90.0)
        .containsEntry("slowest_elsewhere_ms", 90.0)
        .containsEntry("median_around_swap_ms", 12.5)
        .containsEntry("slowest_around_swap_ms", 18.0)
        .containsEntry("ratio", 18.0 / 11.5);
  }

  /** Of model version and time in ms. */
  private static List<Passage> passages(String... all) {
    List<Passage> passages = new ArrayList<>();
    for (String one : all) {
      String[] parts = one.split(" ");
      passages.add(new Passage("id", parts[0], Double.parseDouble(parts[1])));
    }
    return passages;
  }
}
