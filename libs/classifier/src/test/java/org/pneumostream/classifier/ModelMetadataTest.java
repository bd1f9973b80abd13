package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

class ModelMetadataTest {

  @Test
  void readsTheMetadata() {
    assertThat(
            of(
                Map.of(
                    "input_shape", "48x50x52",
                    "preprocessing_version", "3",
                    "orientation", "as-stored",
                    "model_version", "7",
                    "synthetic", "400 phantoms")))
        .isEqualTo(
            new ModelMetadata(
                new InputShape(48, 50, 52),
                3,
                Optional.of(OrientationPolicy.AS_STORED),
                Optional.of("7"),
                Optional.of("400 phantoms")));
  }

  @Test
  void aFileWithoutMetadataTakesTheReferencesInput() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new ModelMetadata(
                InputShape.FULL, 1, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "input_shape, 12",
    "preprocessing_version, zero",
    "preprocessing_version, 0",
    "orientation, upside-down",
  })
  void namesAMalformedEntry(String key, String value) {
    assertThatThrownBy(() -> of(Map.of(key, value)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("metadata " + key + ": ")
        .hasMessageContaining(value);
  }

  private static ModelMetadata of(Map<String, String> entries) {
    return ModelMetadata.of(ModelWeights.initial(1).withMetadata(entries));
  }
}
