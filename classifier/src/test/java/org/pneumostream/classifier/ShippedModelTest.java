package org.pneumostream.classifier;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShippedModelTest {
  @Test
  void buildWithoutModelSaysWhatIsMissing() {
    assertThatThrownBy(() -> ShippedModel.read("/no/such.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage("no model comes with this build: /no/such.safetensors is missing");
  }

  @Test
  void resourceThatIsNoModelIsRefused() {
    assertThatThrownBy(() -> ShippedModel.read("ShippedModel.class"))
        .isInstanceOf(ModelException.class);
  }
}
