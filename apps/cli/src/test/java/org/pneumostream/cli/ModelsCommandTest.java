package org.pneumostream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.support.SampleRecords;

class ModelsCommandTest {
  @Test
  void exportsTheWeights() {
    ModelVersion version =
        SampleRecords.modelVersion("2").setWeights(ByteBuffer.wrap(new byte[] {1, 2})).build();

    assertThat(ModelsCommand.weights(version)).containsExactly(1, 2);
    assertThat(version.getWeights().remaining()).isEqualTo(2);
  }

  @Test
  void saysThatAVersionCarriesNoWeights() {
    ModelVersion version = SampleRecords.modelVersion("2").build();

    assertThatThrownBy(() -> ModelsCommand.weights(version))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("version 2 carries no weights");
  }
}
