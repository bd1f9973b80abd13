package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

class ShippedModelTest {
  @Test
  void takesTheReferencesInputAndWarnsThatItIsSynthetic() throws IOException {
    ModelWeights weights = ShippedModel.weights();

    ModelMetadata metadata = ModelMetadata.of(weights);
    assertThat(metadata.shape()).isEqualTo(InputShape.FULL);
    assertThat(metadata.preprocessingVersion()).isEqualTo(1);
    assertThat(metadata.orientation()).contains(OrientationPolicy.CANONICAL);
    assertThat(metadata.warnings()).containsExactly("model trained on synthetic scans");
    try (InputStream about = ShippedModel.class.getResourceAsStream("champion.md")) {
      assertThat(new String(about.readAllBytes(), StandardCharsets.UTF_8)).contains(weights.hash());
    }
  }

  @Test
  void reportsABuildWithoutModel() {
    assertThatThrownBy(() -> ShippedModel.read("/no/such.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage("this build has no model: /no/such.safetensors is missing");
  }

  @Test
  void refusesAResourceThatIsNotAModel() {
    assertThatThrownBy(() -> ShippedModel.read("ShippedModel.class"))
        .isInstanceOf(ModelException.class);
  }
}
