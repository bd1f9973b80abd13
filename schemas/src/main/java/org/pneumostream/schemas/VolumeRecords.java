package org.pneumostream.schemas;

import java.util.Optional;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;
import org.pneumostream.volume.VolumeKind;

/** Converts between Avro records of volumes and models and the types that the code works with. */
public final class VolumeRecords {
  private VolumeRecords() {}

  /** Converts a shape to its Avro form. */
  public static VolumeShape shape(InputShape shape) {
    return new VolumeShape(shape.width(), shape.height(), shape.depth());
  }

  /**
   * Converts a shape from its Avro form.
   *
   * @throws IllegalArgumentException if an axis is out of range
   */
  public static InputShape shape(VolumeShape shape) {
    return new InputShape(shape.getWidth(), shape.getHeight(), shape.getDepth());
  }

  /**
   * The kind of a volume.
   *
   * @throws IllegalArgumentException if its shape or orientation is invalid
   */
  public static VolumeKind kind(Volume volume) {
    return new VolumeKind(
        shape(volume.getShape()),
        volume.getPreprocessingVersion(),
        Optional.of(OrientationPolicy.parse(volume.getOrientationPolicy())));
  }

  /**
   * The kind of volume that a model version takes.
   *
   * @throws IllegalArgumentException if its shape or orientation is invalid
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
   * @throws IllegalArgumentException if their number does not match the shape
   */
  public static short[] voxels(Volume volume) {
    return FixedPoint.fromLittleEndian(volume.getVoxels(), shape(volume.getShape()));
  }
}
