package org.pneumostream.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pneumostream.volume.VolumeKind.Difference;

class VolumeKindTest {
  private static final VolumeKind MODEL = kind(InputShape.SMALL, 1, OrientationPolicy.CANONICAL);

  @Test
  void namesTheFirstTraitThatDoesNotFit() {
    assertThat(MODEL.differenceFrom(kind(InputShape.FULL, 2, OrientationPolicy.AS_STORED)))
        .contains(new Difference("shape", InputShape.FULL, InputShape.SMALL));
    assertThat(MODEL.differenceFrom(kind(InputShape.SMALL, 2, OrientationPolicy.AS_STORED)))
        .contains(new Difference("preprocessing version", 2, 1));
    assertThat(MODEL.differenceFrom(kind(InputShape.SMALL, 1, OrientationPolicy.AS_STORED)))
        .contains(
            new Difference(
                "orientation", OrientationPolicy.AS_STORED, OrientationPolicy.CANONICAL));
    assertThat(MODEL.differenceFrom(kind(InputShape.SMALL, 1, OrientationPolicy.CANONICAL)))
        .isEmpty();
  }

  @Test
  void anUnknownOrientationFitsAny() {
    VolumeKind unknown = new VolumeKind(InputShape.SMALL, 1, Optional.empty());

    assertThat(unknown.differenceFrom(MODEL)).isEmpty();
    assertThat(MODEL.differenceFrom(unknown)).isEmpty();
  }

  private static VolumeKind kind(InputShape shape, int version, OrientationPolicy orientation) {
    return new VolumeKind(shape, version, Optional.of(orientation));
  }
}
