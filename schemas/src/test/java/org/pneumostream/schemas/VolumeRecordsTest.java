package org.pneumostream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import org.pneumostream.volume.VolumeKind;

class VolumeRecordsTest {
  private static final InputShape SHAPE = new InputShape(1, 2, 3);
  private static final short[] VOXELS = {0, 1, 2, (short) 0x8000, (short) 0xFFFE, (short) 0xFFFF};

  @Test
  void readsWhatTheRecordSays() {
    Volume volume = volume();

    assertThat(VolumeRecords.kind(volume))
        .isEqualTo(new VolumeKind(SHAPE, 1, Optional.of(OrientationPolicy.AS_STORED)));
    assertThat(VolumeRecords.voxels(volume)).isEqualTo(VOXELS);
    assertThat(VolumeRecords.shape(volume.getShape())).isEqualTo(SHAPE);
  }

  @Test
  void refusesAMalformedVolume() {
    Volume noShape = Volume.newBuilder(volume()).setShape(new VolumeShape(0, 9, 4096)).build();
    Volume upsideDown = Volume.newBuilder(volume()).setOrientationPolicy("upside-down").build();
    Volume cutOff = Volume.newBuilder(volume()).setVoxels(ByteBuffer.allocate(11)).build();

    assertThatThrownBy(() -> VolumeRecords.kind(noShape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shape width 0: expected 1 to 1024");
    assertThatThrownBy(() -> VolumeRecords.kind(upsideDown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("orientation 'upside-down': expected canonical or as-stored");
    assertThatThrownBy(() -> VolumeRecords.voxels(cutOff))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("voxels: 11 bytes, expected 12");
  }

  private static Volume volume() {
    return Volume.newBuilder()
        .setShape(VolumeRecords.shape(SHAPE))
        .setVoxels(ByteBuffer.wrap(FixedPoint.toLittleEndian(VOXELS)))
        .setPreprocessingVersion(1)
        .setOrientationPolicy(OrientationPolicy.AS_STORED.toString())
        .setGeometry(
            new ScanGeometry("NIFTI1", List.of(1, 2, 3), List.of(1.0, 1.0, 1.0), "RAS", "int16"))
        .setReceivedAt(Instant.EPOCH)
        .setPreprocessedAt(Instant.EPOCH)
        .setPreprocessMillis(1)
        .build();
  }
}
