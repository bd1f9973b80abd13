package org.pneumostream.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhantomSizeTest {

  @Test
  void readsWhatItWrites() {
    assertThat(PhantomSize.parse("512x512x40")).isEqualTo(new PhantomSize(512, 512, 40));
    assertThat(new PhantomSize(96, 64, 8)).hasToString("96x64x8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "512", "512x512", "512x512x40x1", "512×512×40", "-1x64x64", "ax64x64"})
  void refusesTextOfAnotherForm(String text) {
    assertThatThrownBy(() -> PhantomSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size '" + text + "': expected WIDTHxHEIGHTxDEPTH such as 512x512x40");
  }

  @Test
  void refusesSidesOutOfRange() {
    assertThatThrownBy(() -> new PhantomSize(31, 64, 64))
        .hasMessage("size width 31: expected 32 to 1024");
    assertThatThrownBy(() -> new PhantomSize(64, 1025, 64))
        .hasMessage("size height 1025: expected 32 to 1024");
    assertThatThrownBy(() -> new PhantomSize(64, 64, 7))
        .hasMessage("size depth 7: expected 8 to 1024");
  }
}
