package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainingTriggerTest {

  @ParameterizedTest
  @CsvSource({
    "0,  0,    true,  requested",
    "20, 0,    false, 20 new labels",
    "35, 7200, false, 35 new labels",
    "1,  3600, false, 1 new labels in 3600 s",
    "19, 3599, false,",
    "0,  7200, false,",
    "0,  0,    false,",
  })
  void isDueByLabelsOrIntervalOrRequest(
      int newLabels, long secondsSinceLastRun, boolean asked, String why) {
    RetrainingTrigger trigger = new RetrainingTrigger(20, Duration.ofHours(1));

    assertThat(trigger.due(newLabels, Duration.ofSeconds(secondsSinceLastRun), asked).orElse(null))
        .isEqualTo(why);
  }
}
