package org.pneumostream.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedPointTest {
  private static final float STEP = 1 / 65535f;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 65535",
    "0.5, 32768",
    "-0.1, 0",
    "1.2, 65535",
    "NaN, 0",
    "Infinity, 65535",
    "-Infinity, 0",
  })
  void clipsToTheUnitIntervalAndMakesNanZero(float value, int expected) {
    assertThat(Short.toUnsignedInt(FixedPoint.of(value))).isEqualTo(expected);
  }

  @Test
  void roundsToTheNearestStep() {
    assertThat(FixedPoint.of(new float[] {0.4f * STEP, 0.6f * STEP})).containsExactly(0, 1);
  }

  @Test
  void keepsEveryStepAndEveryValueWithinHalfAStep() {
    for (int q = 0; q <= 65535; q++) {
      short voxel = (short) q;
      assertThat(FixedPoint.of(FixedPoint.toFloat(voxel))).isEqualTo(voxel);
      float between = Math.min(1, FixedPoint.toFloat(voxel) + 0.49f * STEP);
      assertThat(FixedPoint.toFloat(FixedPoint.of(between))).isEqualTo(between, within(7.7e-6f));
    }
  }

  @Test
  void isLittleEndianOnTheWire() {
    short[] voxels = {0, 1, (short) 0x8000, (short) 0xFFFE};
    byte[] bytes = FixedPoint.toLittleEndian(voxels);

    assertThat(bytes).containsExactly(0, 0, 1, 0, 0x00, 0x80, 0xfe, 0xff);
    ByteBuffer wire = ByteBuffer.wrap(bytes);
    assertThat(FixedPoint.fromLittleEndian(wire, new InputShape(1, 2, 2))).isEqualTo(voxels);
    assertThat(wire.position()).isZero();
  }

  @Test
  void refusesAByteCountThatDoesNotMatchTheShape() {
    assertThatThrownBy(
            () -> FixedPoint.fromLittleEndian(ByteBuffer.allocate(13), new InputShape(1, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("voxels: 13 bytes, expected 12");
  }
}
