package org.pneumostream.schemas;

import java.util.Optional;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import org.pneumostream.volume.VolumeKind;

/** Between what Kafka carries of volumes and models and what the code works with. */
public final class VolumeRecords {
  private VolumeRecords() {}

  /** As Kafka carries a shape. */
  public static VolumeShape shape(InputShape shape) {
    return new VolumeShape(shape.width(), shape.height(), shape.depth());
  }

  /**
   * The shape that Kafka carries.
   *
   * @throws IllegalArgumentException if an axis is out of range
   */
  public static InputShape shape(VolumeShape shape) {
    return new InputShape(shape.getWidth(), shape.getHeight(), shape.getDepth());
  }

  /**
   * What kind of volume it is.
   *
   * @throws IllegalArgumentException if its shape or its orientation is none
   */
  public static VolumeKind kind(Volume volume) {
    return new VolumeKind(
        shape(volume.getShape()),
        volume.getPreprocessingVersion(),
        Optional.of(OrientationPolicy.parse(volume.getOrientationPolicy())));
  }

  /**
   * The volumes that a version of a model takes.
   *
   * @throws IllegalArgumentException if its shape or its orientation is none
   */
  public static VolumeKind kind(ModelVersion version) {
    return new VolumeKind(
        shape(version.getInputShape()),
        version.getPreprocessingVersion(),
        Optional.ofNullable(version.getOrientation()).map(OrientationPolicy::parse));
  }

  /**
   * A volume's voxels as 16-bit unsigned fixed point, depth fastest.
   *
   * @throws IllegalArgumentException if they are not as many as its shape says
   */
  public static short[] voxels(Volume volume) {
    return FixedPoint.fromLittleEndian(volume.getVoxels(), shape(volume.getShape()));
  }
}
