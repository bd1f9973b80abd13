package org.pneumostream.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

  @ParameterizedTest
  @CsvSource({"0, false", "0.4999999, false", "0.5, true", "1, true", "NaN, false"})
  void isAbnormalFromOneHalf(double probability, boolean abnormal) {
    assertThat(Decision.isAbnormal(probability)).isEqualTo(abnormal);
  }
}
