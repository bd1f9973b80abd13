package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.runtime.GroupStart.Evidence;
import org.pneumostream.runtime.GroupStart.Range;

class GroupStartTest {
  private static final TopicPartition PARTITION = new TopicPartition("volumes", 0);

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # begin, end, answered, complete, otherwise, start
          0,  0,  -,  true,  STOP,     0
          0,  9,  -,  true,  STOP,     0
          3,  9,  -,  true,  STOP,     3
          0,  9,  4,  true,  STOP,     5
          0,  9,  4,  false, STOP,     5
          0,  9,  4,  false, EARLIEST, 5
          0,  9,  8,  false, STOP,     9
          7,  9,  4,  false, STOP,     7
          5,  5,  -,  false, STOP,     5
          2,  9,  -,  false, EARLIEST, 2
          2,  9,  -,  false, LATEST,   9
          2,  9,  9,  true,  EARLIEST, 2
          2,  9,  20, true,  LATEST,   9
          """)
  void resumesWhereItsOutputsEnd(
      long begin, long end, Long answered, boolean complete, LostPosition otherwise, long start) {
    assertThat(start(begin, end, answered, complete, otherwise)).isEqualTo(start);
  }

  @Test
  void stopsWithoutEvidenceAndNamesTheChoices() {
    assertThatThrownBy(() -> start(2, 9, null, false, LostPosition.STOP))
        .isInstanceOf(LostPositionException.class)
        .hasMessage(
            "group scorers has lost its position in volumes-0, and its outputs do not tell it:"
                + " start once with lost-position=earliest to process all 7 offsets again, or with"
                + " lost-position=latest to process only new records");
    // Answers belong to a deleted topic of the same name.
    assertThatThrownBy(() -> start(0, 9, 20L, true, LostPosition.STOP))
        .isInstanceOf(LostPositionException.class);
  }

  private static long start(
      long begin, long end, Long answered, boolean complete, LostPosition otherwise) {
    return new GroupStart("scorers", otherwise)
        .of(
            Map.of(PARTITION, new Range(begin, end)),
            new Evidence(answered == null ? Map.of() : Map.of(PARTITION, answered), complete))
        .get(PARTITION);
  }
}
