package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;

class ModelsCommandTest {
  @Test
  void exportsTheWeights() {
    ModelVersion version = version().setWeights(ByteBuffer.wrap(new byte[] {1, 2})).build();

    assertThat(ModelsCommand.weights(version)).containsExactly(1, 2);
    assertThat(version.getWeights().remaining()).isEqualTo(2);
  }

  @Test
  void saysThatAVersionCarriesNoWeights() {
    assertThatThrownBy(() -> ModelsCommand.weights(version().build()))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("version 2 carries no weights");
  }

  private static ModelVersion.Builder version() {
    return ModelVersion.newBuilder()
        .setName("pneumonia")
        .setVersion("2")
        .setSha256("ab12")
        .setArchitecture("keras-3d")
        .setInputShape(new VolumeShape(128, 128, 64))
        .setPreprocessingVersion(1)
        .setCreatedAt(Instant.EPOCH);
  }
}
