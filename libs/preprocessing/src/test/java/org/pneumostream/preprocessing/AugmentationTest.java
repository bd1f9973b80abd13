package org.pneumostream.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against golden files made with SciPy by src/test/python/golden.py. */
class AugmentationTest {
  private static final float TOLERANCE = 1e-5f;

  static Stream<Arguments> cases() {
    return Stream.of(
            new SplineRotation(48, 48, 2),
            new SplineRotation(31, 24, 3),
            new SplineRotation(12, 13, 5),
            new SplineRotation(2, 5, 4))
        .flatMap(shape -> Augmentation.DEGREES.stream().map(angle -> Arguments.of(shape, angle)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rotatesAndClipsAsSciPyDoes(SplineRotation shape, int degrees) throws IOException {
    String name = "rotate-%dx%dx%d".formatted(shape.width(), shape.height(), shape.depth());
    float[] volume = golden(name + ".f32");
    float[] before = volume.clone();

    float[] rotated = new Augmentation(shape).rotate(volume, degrees);

    assertThat(rotated)
        .usingComparatorWithPrecision(TOLERANCE)
        .containsExactly(golden(name + "." + degrees + ".f32"));
    assertThat(volume).isEqualTo(before);
  }

  @Test
  void drawsAllAnglesEquallyOften() {
    Augmentation augmentation = new Augmentation(new SplineRotation(5, 5, 1));
    float[] volume = new float[25];
    IntStream.range(0, 25).forEach(i -> volume[i] = i / 25f);
    SplittableRandom random = new SplittableRandom(1);

    Map<String, Integer> drawn = new HashMap<>();
    for (int i = 0; i < 6000; i++) {
      drawn.merge(Arrays.toString(augmentation.augment(volume, random)), 1, Integer::sum);
    }

    assertThat(drawn).hasSize(6);
    assertThat(drawn.values()).allSatisfy(count -> assertThat(count).isBetween(900, 1100));
  }

  private static float[] golden(String name) throws IOException {
    try (InputStream in = AugmentationTest.class.getResourceAsStream("/golden/" + name)) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return values;
    }
  }
}
