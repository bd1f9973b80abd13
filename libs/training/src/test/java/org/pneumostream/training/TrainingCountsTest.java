package org.pneumostream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.training.TrainingCounts.Count;

class TrainingCountsTest {
  private static final Count NONE = new Count(0, 0);

  @ParameterizedTest
  @CsvSource({
    "5, 0, 1 abnormal missing",
    "0, 5, 1 normal missing",
    "0, 0, 1 normal and 1 abnormal missing",
  })
  void refusesAValidationSetThatLacksAClass(int normal, int abnormal, String missing) {
    TrainingCounts counts = new TrainingCounts(new Count(9, 9), new Count(normal, abnormal), NONE);

    assertThatThrownBy(() -> counts.requireEnough(5))
        .isInstanceOf(TrainingRefusedException.class)
        .hasMessage(
            "validation scans: %d normal and %d abnormal, expected at least 1 of each: %s"
                .formatted(normal, abnormal, missing));
  }

  @Test
  void namesTheMissingTrainingScansByClass() {
    TrainingCounts counts = new TrainingCounts(new Count(9, 3), new Count(2, 2), NONE);

    assertThatThrownBy(() -> counts.requireEnough(5))
        .isInstanceOf(TrainingRefusedException.class)
        .hasMessage(
            "training scans: 9 normal and 3 abnormal, expected at least 5 of each:"
                + " 2 abnormal missing");
  }

  @Test
  void areThoseOfALineageThatSaysAllThree() {
    TrainingCounts counts = new TrainingCounts(new Count(9, 3), new Count(2, 2), NONE);
    Lineage.Builder lineage = Lineage.newBuilder(TestLineage.of(Map.of()));

    assertThat(TrainingCounts.from(lineage.build())).isEmpty();
    assertThat(TrainingCounts.from(counts.into(lineage).build())).contains(counts);
  }

  @Test
  void acceptsAnEmptyHoldout() {
    TrainingCounts counts = new TrainingCounts(new Count(5, 5), new Count(1, 1), NONE);

    assertThatCode(() -> counts.requireEnough(5)).doesNotThrowAnyException();
  }
}
