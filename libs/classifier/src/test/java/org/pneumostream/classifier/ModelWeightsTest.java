package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.volume.InputShape;

class ModelWeightsTest {

  private static final ModelWeights WEIGHTS =
      ModelWeights.initial(5).withMetadata(Map.of("model-version", "7"));

  @Test
  void networkHasTheReferencesParameterCounts() {
    assertThat(ModelWeights.parameterCount()).isEqualTo(1_352_897);
    assertThat(ModelWeights.trainableParameterCount()).isEqualTo(1_351_873);
  }

  @Test
  void blocksHaveTheReferencesShapes() {
    assertThat(List.of(1, 2, 3, 4))
        .extracting(block -> Architecture.blockOutput(block, InputShape.FULL))
        .containsExactly(
            List.of(64, 63, 63, 31),
            List.of(64, 30, 30, 14),
            List.of(128, 14, 14, 6),
            List.of(256, 6, 6, 2));
  }

  @Test
  void readsTheFileThatItWrote() {
    byte[] file = WEIGHTS.toSafetensors();
    ModelWeights read = ModelWeights.fromSafetensors(file);

    assertThat(read.toSafetensors()).isEqualTo(file);
    assertThat(read.hash()).isEqualTo(ModelWeights.hash(file)).matches("[0-9a-f]{64}");
    assertThat(read.metadata())
        .containsExactly(
            Map.entry("architecture", ModelWeights.ARCHITECTURE), Map.entry("model-version", "7"));
    for (TensorSpec spec : ModelWeights.tensors()) {
      assertThat(read.tensor(spec.name())).isEqualTo(WEIGHTS.tensor(spec.name()));
    }
  }

  @Test
  void initialKernelsFillTheGlorotInterval() {
    double limit = Math.sqrt(6.0 / (64 * 27 + 64 * 27));
    float[] kernel = WEIGHTS.tensor("block2.conv.weight");
    double meanSquare = 0;
    for (float value : kernel) {
      assertThat((double) value).isBetween(-limit, limit);
      meanSquare += (double) value * value / kernel.length;
    }
    assertThat(meanSquare / (limit * limit / 3)).isBetween(0.98, 1.02);
    assertThat(WEIGHTS.tensor("block2.conv.bias")).containsOnly(0f);
    assertThat(WEIGHTS.tensor("block2.norm.running_var")).containsOnly(1f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "dense2.bias":    | "dense9.bias":    | tensor dense2.bias is missing
          [1,512]           | [512,1]           | tensor dense2.weight: shape must be [1,512] but is [512,1]
          "F32","shape":[1] | "I32","shape":[1] | tensor dense2.bias: dtype must be "F32" but is "I32"
          {"__metadata__"   | ["__metadata__"   | not a safetensors file: header is not JSON
          cnn3d-64-64-128   | cnn3d-32-64-128   | architecture must be cnn3d-64-64-128-256-512 but is
          """)
  void refusesChangedHeaderByName(String text, String replacement, String message) {
    assertThatThrownBy(() -> ModelWeights.fromSafetensors(replaced(text, replacement)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesExtraTensorByName() {
    byte[] file = WEIGHTS.toSafetensors();
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(file, 8, length, StandardCharsets.UTF_8).strip();
    String extra =
        header.substring(0, header.length() - 1)
            + ",\"spare\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}";
    byte[] json = extra.getBytes(StandardCharsets.UTF_8);
    ByteBuffer changed =
        ByteBuffer.allocate(file.length - length + json.length).order(ByteOrder.LITTLE_ENDIAN);
    changed.putLong(json.length).put(json).put(file, 8 + length, file.length - 8 - length);

    assertThatThrownBy(() -> ModelWeights.fromSafetensors(changed.array()))
        .isInstanceOf(ModelException.class)
        .hasMessage("tensor spare does not belong to this network");
  }

  @Test
  void refusesValueThatIsNotFinite() {
    byte[] file = WEIGHTS.toSafetensors();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, Float.NaN);

    assertThatThrownBy(() -> ModelWeights.fromSafetensors(file))
        .isInstanceOf(ModelException.class)
        .hasMessage("tensor dense2.bias: value 0 must be finite but is NaN");
  }

  @ParameterizedTest
  @CsvSource({"0", "7", "8", "2000", "5000000"})
  void refusesFileCutOff(int length) {
    byte[] file = Arrays.copyOf(WEIGHTS.toSafetensors(), length);

    assertThatThrownBy(() -> ModelWeights.fromSafetensors(file)).isInstanceOf(ModelException.class);
  }

  @Test
  void refusesHeaderLengthBeyondTheFile() {
    byte[] file = WEIGHTS.toSafetensors();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);

    assertThatThrownBy(() -> ModelWeights.fromSafetensors(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("header length must be 2 to 1048576 but is 9223372036854775807");
  }

  /** The header with one text for another of the same length. */
  private static byte[] replaced(String text, String replacement) {
    byte[] file = WEIGHTS.toSafetensors();
    String changed = new String(file, StandardCharsets.ISO_8859_1).replace(text, replacement);
    return changed.getBytes(StandardCharsets.ISO_8859_1);
  }
}
