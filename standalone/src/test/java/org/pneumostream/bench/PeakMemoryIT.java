package org.pneumostream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pneumostream.classifier.InputShape;

/** At the reference's size, with room for what another processor's kernels need. */
class PeakMemoryIT {

  @ParameterizedTest
  @CsvSource({"score, 400", "train, 4000"})
  void staysWithinBounds(String work, double megabytes) throws Exception {
    assertThat(PeakMemory.megabytes(work, InputShape.FULL)).isBetween(1.0, megabytes);
  }
}
