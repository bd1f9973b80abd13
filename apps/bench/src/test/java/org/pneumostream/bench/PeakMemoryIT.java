package org.pneumostream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.classifier.Execution;
import org.pneumostream.volume.InputShape;

/** At the reference's size, against the layer-by-layer network on the same machine. */
class PeakMemoryIT {

  @ParameterizedTest
  @ValueSource(strings = {"score", "train"})
  void slabsTakeLessMemoryThanWholeLayers(String work) throws Exception {
    double slabs = PeakMemory.megabytes(work, InputShape.FULL, Execution.FAST);
    double layers = PeakMemory.megabytes(work, InputShape.FULL, Execution.LAYER_BY_LAYER);

    assertThat(slabs).isPositive().isLessThan(layers);
  }
}
