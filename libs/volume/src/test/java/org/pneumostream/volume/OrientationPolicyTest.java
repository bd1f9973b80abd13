package org.pneumostream.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OrientationPolicyTest {

  @Test
  void readsWhatItWrites() {
    assertThat(OrientationPolicy.parse("canonical")).isEqualTo(OrientationPolicy.CANONICAL);
    assertThat(OrientationPolicy.parse("as-stored")).isEqualTo(OrientationPolicy.AS_STORED);
    assertThat(OrientationPolicy.AS_STORED).hasToString("as-stored");
  }

  @Test
  void refusesAnyOtherText() {
    assertThatThrownBy(() -> OrientationPolicy.parse("AS_STORED"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("orientation 'AS_STORED': expected canonical or as-stored");
  }
}
