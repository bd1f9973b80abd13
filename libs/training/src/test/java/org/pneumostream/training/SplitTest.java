package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  /** Places from Python: int.from_bytes(sha256(key.encode()).digest()[:8], 'big') / 2**64. */
  @ParameterizedTest
  @CsvSource({
    "study-4, 0.654934442, TRAINING",
    "study-2, 0.520449880, TRAINING",
    "study-3, 0.500963195, TRAINING",
    "MosMedData-0042, 0.684666409, TRAINING",
    "ä, 0.202741101, VALIDATION",
    "study-1, 0.962855754, HOLDOUT",
  })
  void placesAKeyByItsHash(String key, double place, Subset expected) {
    assertThat((Split.hash(key) >>> 11) * 0x1p-53).isCloseTo(place, within(1e-9));
    assertThat(new Split(0.3, 0.1).subset(Split.hash(key))).isEqualTo(expected);
  }

  /** Places from Python: h * (2 * draw + 1) % 2**64 / 2**64. */
  @ParameterizedTest
  @CsvSource({"study-4, 1, 0.964803", "study-4, 17, 0.922705", "ä, 999, 0.279462"})
  void aDrawPlacesAKeyElsewhere(String key, int draw, double place) {
    double below = place - 1e-5;
    double above = place + 1e-5;
    assertThat(new Split(below, 0, draw).subset(Split.hash(key))).isEqualTo(Subset.TRAINING);
    assertThat(new Split(above, 0, draw).subset(Split.hash(key))).isEqualTo(Subset.VALIDATION);
  }

  @Test
  void splitsByStudyKeyIfPresent() {
    assertThat(Split.key("scan", "study")).isEqualTo("study");
    assertThat(Split.key("scan", null)).isEqualTo("scan");
    assertThat(Split.key("scan", " ")).isEqualTo("scan");
  }

  @Test
  void meetsTheFractionsOnAverage() {
    Split split = new Split(0.3, 0.2);

    Map<Subset, Long> counts =
        IntStream.range(0, 10_000)
            .mapToObj(i -> split.subset(Split.hash("scan " + i)))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    // Four standard deviations of a fair draw.
    assertThat(counts.get(Subset.VALIDATION)).isBetween(2817L, 3183L);
    assertThat(counts.get(Subset.HOLDOUT)).isBetween(1840L, 2160L);
  }

  @Test
  void aLargerFractionNeverMovesAScanIntoTraining() {
    Split smaller = new Split(0.2, 0.1);
    Split larger = new Split(0.3, 0.2);
    assertThat(IntStream.range(0, 10_000).mapToLong(i -> Split.hash("scan " + i)))
        .filteredOn(hash -> smaller.subset(hash) != Subset.TRAINING)
        .hasSizeGreaterThan(2000)
        .allSatisfy(hash -> assertThat(larger.subset(hash)).isEqualTo(smaller.subset(hash)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void refusesAValidationFractionThatLeavesOneSideEmpty(double fraction) {
    assertThatThrownBy(() -> new Split(fraction, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("validation fraction: " + fraction + ", expected above 0 and below 1");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 0.7, Double.NaN})
  void refusesAHoldoutThatLeavesNothingToTrainOn(double fraction) {
    assertThatThrownBy(() -> new Split(0.3, fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "holdout fraction: %s, expected at least 0 and below 1 with a validation fraction of 0.3"
                .formatted(fraction));
  }
}
