package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  /** Places from Python: int.from_bytes(sha256(key.encode()).digest()[:8], 'big') / 2**64. */
  @ParameterizedTest
  @CsvSource({
    "study-1, 0.962855754, TRAINING",
    "study-2, 0.520449880, TRAINING",
    "study-3, 0.500963195, TRAINING",
    "MosMedData-0042, 0.684666409, TRAINING",
    "ä, 0.202741101, VALIDATION",
  })
  void putsAKeyWhereItsHashSays(String key, double place, Subset atThirtyPercent) {
    assertThat((Split.hash(key) >>> 11) * 0x1p-53).isCloseTo(place, within(1e-9));
    assertThat(new Split(0.3).subset(Split.hash(key))).isEqualTo(atThirtyPercent);
  }

  @Test
  void goesByStudyKeyWhereThereIsOne() {
    assertThat(Split.key("scan", "study")).isEqualTo("study");
    assertThat(Split.key("scan", null)).isEqualTo("scan");
    assertThat(Split.key("scan", " ")).isEqualTo("scan");
  }

  @Test
  void holdsOutTheFractionOnAverage() {
    Split split = new Split(0.3);

    long heldOut =
        IntStream.range(0, 10_000)
            .filter(i -> split.subset(Split.hash("scan " + i)) == Subset.VALIDATION)
            .count();

    // Four standard deviations of a fair draw.
    assertThat(heldOut).isBetween(2817L, 3183L);
  }

  @Test
  void neverTrainsOnWhatASmallerFractionHeldOut() {
    assertThat(IntStream.range(0, 10_000).mapToLong(i -> Split.hash("scan " + i)))
        .filteredOn(hash -> new Split(0.2).subset(hash) == Subset.VALIDATION)
        .hasSizeGreaterThan(1000)
        .allSatisfy(hash -> assertThat(new Split(0.3).subset(hash)).isEqualTo(Subset.VALIDATION));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void refusesAFractionThatLeavesOneSideEmpty(double fraction) {
    assertThatThrownBy(() -> new Split(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("validation fraction: " + fraction + ", expected over 0 and below 1");
  }
}
