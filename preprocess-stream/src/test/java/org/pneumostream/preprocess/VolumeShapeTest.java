package org.pneumostream.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeShapeTest {

  @Test
  void readsWhatItWrites() {
    assertThat(VolumeShape.parse("128x128x64")).isEqualTo(VolumeShape.DEFAULT);
    assertThat(new VolumeShape(48, 40, 32)).hasToString("48x40x32");
    assertThat(VolumeShape.DEFAULT.voxels()).isEqualTo(1_048_576);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "128", "128x128", "128x128x64x1", "128X128X64", "-1x2x3", "1x2x99999"})
  void refusesTextOfAnotherForm(String text) {
    assertThatThrownBy(() -> VolumeShape.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape '" + text + "': expected WIDTHxHEIGHTxDEPTH such as 128x128x64");
  }

  @Test
  void refusesSidesOutOfRange() {
    assertThatThrownBy(() -> new VolumeShape(0, 1, 1))
        .hasMessage("shape width 0: expected 1 to 1024");
    assertThatThrownBy(() -> new VolumeShape(1, 1025, 1))
        .hasMessage("shape height 1025: expected 1 to 1024");
    assertThatThrownBy(() -> VolumeShape.parse("1x1x0"))
        .hasMessage("shape depth 0: expected 1 to 1024");
    assertThatThrownBy(() -> new VolumeShape(1024, 1024, 1024))
        .hasMessage("shape 1024x1024x1024: expected at most 536870911 voxels");
  }
}
