package org.pneumostream.preprocessing;

import java.util.List;
import java.util.random.RandomGenerator;
import org.pneumostream.volume.InputShape;

/**
 * The reference's augmentation: whenever a scan is trained on, it is rotated in-plane by an angle
 * drawn from {@link #DEGREES}, and clipped to [0, 1].
 */
public final class Augmentation {
  /** The angles, all equally likely. */
  public static final List<Integer> DEGREES = List.of(-20, -10, -5, 5, 10, 20);

  private final SplineRotation rotation;

  public Augmentation(InputShape shape) {
    this(new SplineRotation(shape.width(), shape.height(), shape.depth()));
  }

  Augmentation(SplineRotation rotation) {
    this.rotation = rotation;
  }

  /** Rotates the volume by an angle drawn from {@code random}. */
  public float[] augment(float[] voxels, RandomGenerator random) {
    return rotate(voxels, DEGREES.get(random.nextInt(DEGREES.size())));
  }

  /**
   * Rotates the volume like {@code scipy.ndimage.rotate(volume, degrees, reshape=False)} and clips
   * it to [0, 1].
   *
   * @param voxels in (W, H, D) order, depth fastest
   */
  public float[] rotate(float[] voxels, double degrees) {
    float[] rotated = rotation.rotate(voxels, degrees);
    for (int i = 0; i < rotated.length; i++) {
      rotated[i] = Math.min(Math.max(rotated[i], 0f), 1f);
    }
    return rotated;
  }
}
