package org.pneumostream.preprocess;

import java.io.IOException;
import java.util.List;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.Orientation;

/**
 * Preprocessing version 1: from a scan as stored to what the network takes.
 *
 * <ol>
 *   <li>stored values × slope + intercept = HU
 *   <li>axes to RAS+, or as stored: width, height, depth
 *   <li>HU clipped to [−1000, 400] and scaled to [0, 1]; NaN becomes 0
 *   <li>each (width, height) plane turned like {@code scipy.ndimage.rotate(v, 90, reshape=False)}
 *   <li>resized like {@code scipy.ndimage.zoom(order=1)}
 * </ol>
 *
 * <p>Steps 4 and 5 equal SciPy's to rounding, planes that are not square included: these are cut
 * off and filled with 0 where the turned plane does not cover the old one.
 *
 * @param shape what the network takes
 * @param orientation step 2
 * @param plausibility what a chest CT looks like; a scan that does not carries warnings
 */
public record Preprocessing(
    VolumeShape shape, OrientationPolicy orientation, Plausibility plausibility) {

  /** Goes up whenever the same scan would give other voxels. */
  public static final int VERSION = 1;

  /** 128×128×64 from canonical axes. */
  public static final Preprocessing DEFAULT =
      new Preprocessing(VolumeShape.DEFAULT, OrientationPolicy.CANONICAL);

  /** With warnings as {@link Plausibility#DEFAULT} has them. */
  public Preprocessing(VolumeShape shape, OrientationPolicy orientation) {
    this(shape, orientation, Plausibility.DEFAULT);
  }

  /**
   * Reads the scan to its end and gives the volume as it is sent and scored.
   *
   * @param scan of which no slice was read yet; not closed
   * @throws PreprocessingException if the scan does not have exactly three axes
   * @throws org.pneumostream.jnifti.NiftiException if the scan is cut off or damaged
   */
  public NetworkVolume apply(NiftiReader scan) throws IOException {
    float[] values = resample(scan);
    NiftiHeader header = scan.header();
    List<String> warnings = plausibility.warnings(header, orientationOf(header), values);
    return NetworkVolume.quantized(shape, values, warnings);
  }

  /**
   * The same before values are rounded to 16 bits. They lie in [0, 1], but for the overshoot of the
   * cubic spline where width and height differ by an odd number of voxels.
   *
   * @param scan of which no slice was read yet; not closed
   * @return one value a voxel, depth fastest, then height
   * @throws PreprocessingException if the scan does not have exactly three axes
   * @throws org.pneumostream.jnifti.NiftiException if the scan is cut off or damaged
   */
  public float[] resample(NiftiReader scan) throws IOException {
    NiftiHeader header = scan.header();
    if (!header.isVolume()) {
      throw new PreprocessingException("dim", header.dims(), "three axes");
    }
    StoredAxes axes = StoredAxes.of(header.dims(), orientationOf(header));
    SliceResampler resampler =
        new SliceResampler(
            HounsfieldWindow.AIR_TO_BONE,
            axes.weights(0, shape),
            axes.weights(1, shape),
            axes.weights(2, shape));
    for (int k = 0; k < header.depth(); k++) {
      resampler.add(scan.nextSlice(), k);
    }
    return axes.inOutputOrder(resampler.planes(), shape);
  }

  private Orientation orientationOf(NiftiHeader header) {
    return switch (orientation) {
      case CANONICAL -> header.affine().map(Orientation::of).orElse(Orientation.RAS);
      case AS_STORED -> Orientation.RAS;
    };
  }
}
