package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pneumostream.volume.InputShape;

class NetworkVolumeTest {

  private static final InputShape SHAPE = new InputShape(1, 2, 3);

  @Test
  void roundsToTheNearestStepAndClips() {
    float step = 1 / 65535f;
    float[] values = {-0.1f, 0.4f * step, 0.6f * step, 0.5f, Float.NaN, 1.2f};

    byte[] bytes = NetworkVolume.quantized(SHAPE, values, List.of()).toLittleEndian();

    assertThat(bytes).containsExactly(0, 0, 0, 0, 1, 0, 0x00, 0x80, 0, 0, 0xff, 0xff);
  }

  @Test
  void keepsEveryValueWithinHalfAStep() {
    InputShape shape = new InputShape(10, 100, 1000);
    float[] values = new float[shape.voxels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) i / (values.length - 1);
    }

    PreprocessingTest.assertClose(
        NetworkVolume.quantized(shape, values, List.of()).toFloats(), values, 7.7e-6);
  }

  @Test
  void depthRunsFastestThenHeight() {
    float[] values = {0, 0.2f, 0.4f, 0.6f, 0.8f, 1};
    NetworkVolume volume = NetworkVolume.quantized(SHAPE, values, List.of());

    assertThat(volume.value(0, 0, 2)).isEqualTo(0.4f);
    assertThat(volume.value(0, 1, 0)).isEqualTo(0.6f);
    assertThatThrownBy(() -> volume.value(0, 0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void readsTheBytesThatItWrites() {
    NetworkVolume volume =
        NetworkVolume.quantized(SHAPE, new float[] {0, 0.2f, 0.4f, 0.6f, 0.8f, 1}, List.of("odd"));

    NetworkVolume read =
        NetworkVolume.fromLittleEndian(SHAPE, ByteBuffer.wrap(volume.toLittleEndian()));

    assertThat(read).isEqualTo(volume).hasSameHashCodeAs(volume);
  }

  @Test
  void refusesAnotherNumberOfVoxels() {
    assertThatThrownBy(() -> NetworkVolume.quantized(SHAPE, new float[5], List.of()))
        .hasMessage("5 values: expected 6 for shape 1x2x3");
    assertThatThrownBy(() -> NetworkVolume.fromLittleEndian(SHAPE, ByteBuffer.allocate(13)))
        .hasMessage("voxels: 13 bytes, expected 12");
  }
}
