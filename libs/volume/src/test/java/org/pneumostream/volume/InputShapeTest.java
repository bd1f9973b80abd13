package org.pneumostream.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputShapeTest {

  @Test
  void readsWhatItWrites() {
    assertThat(InputShape.parse("128x128x64")).isEqualTo(InputShape.FULL);
    assertThat(new InputShape(48, 40, 32)).hasToString("48x40x32");
    assertThat(InputShape.FULL.voxels()).isEqualTo(1_048_576);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "128", "128x128", "128x128x64x1", "128X128X64", "-1x2x3", "1x2x99999"})
  void refusesTextOfAnotherForm(String text) {
    assertThatThrownBy(() -> InputShape.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape '" + text + "': expected WIDTHxHEIGHTxDEPTH such as 128x128x64");
  }

  @Test
  void refusesSidesOutOfRange() {
    assertThatThrownBy(() -> new InputShape(0, 1, 1))
        .hasMessage("shape width 0: expected 1 to 1024");
    assertThatThrownBy(() -> new InputShape(1, 1025, 1))
        .hasMessage("shape height 1025: expected 1 to 1024");
    assertThatThrownBy(() -> InputShape.parse("1x1x0"))
        .hasMessage("shape depth 0: expected 1 to 1024");
    assertThatThrownBy(() -> new InputShape(1024, 1024, 1024))
        .hasMessage("shape 1024x1024x1024: expected at most 536870911 voxels");
  }

  @ParameterizedTest
  @CsvSource({"45x48x48, width 45", "48x513x48, height 513", "48x48x1, depth 1"})
  void theNetworkTakesFrom46To512VoxelsAlongEachAxis(String text, String axis) {
    assertThatThrownBy(() -> InputShape.forNetwork(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape " + axis + ": expected 46 to 512");
    assertThat(InputShape.forNetwork("46x512x64")).isEqualTo(new InputShape(46, 512, 64));
  }
}
