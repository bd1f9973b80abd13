package org.pneumostream.preprocessing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.NiftiReader;
import org.pneumostream.jnifti.Orientation;
import org.pneumostream.jnifti.VoxelSlice;
import org.pneumostream.volume.InputShape;
import org.pneumostream.volume.OrientationPolicy;

/**
 * Preprocessing version 1: converts a stored scan to the network's input.
 *
 * <ol>
 *   <li>stored values × slope + intercept = HU
 *   <li>axes to RAS+, or as stored: width, height, depth
 *   <li>HU clipped to [−1000, 400] and scaled to [0, 1]; NaN becomes 0
 *   <li>each (width, height) plane rotated like {@code scipy.ndimage.rotate(v, 90, reshape=False)}
 *   <li>resized like {@code scipy.ndimage.zoom(order=1)}
 * </ol>
 *
 * <p>Steps 4 and 5 equal SciPy's up to rounding. This includes planes that are not square: they are
 * cropped, and filled with 0 where the rotated plane does not cover the old one.
 *
 * @param shape shape of the network's input
 * @param orientation for step 2
 * @param plausibility thresholds for a chest CT; a scan outside them carries warnings
 * @param maxNonFiniteShare the largest share of voxels, 0 to 1, that may be NaN or infinite; a scan
 *     without any finite voxel is always refused
 */
public record Preprocessing(
    InputShape shape,
    OrientationPolicy orientation,
    Plausibility plausibility,
    double maxNonFiniteShare) {

  /** Some programs fill the corners around a round field of view with NaN; they are 21.5 %. */
  public static final double MAX_NON_FINITE_SHARE = 0.25;

  /** Increases whenever the same scan would give other voxels. */
  public static final int VERSION = 1;

  /** 128×128×64 from canonical axes. */
  public static final Preprocessing DEFAULT =
      new Preprocessing(InputShape.FULL, OrientationPolicy.CANONICAL);

  /**
   * @throws IllegalArgumentException if the share is out of range
   */
  public Preprocessing {
    if (!(maxNonFiniteShare >= 0 && maxNonFiniteShare <= 1)) {
      throw new IllegalArgumentException(
          "maxNonFiniteShare " + maxNonFiniteShare + ": expected 0 to 1");
    }
  }

  /** Uses {@link Plausibility#DEFAULT} and {@link #MAX_NON_FINITE_SHARE}. */
  public Preprocessing(InputShape shape, OrientationPolicy orientation) {
    this(shape, orientation, Plausibility.DEFAULT, MAX_NON_FINITE_SHARE);
  }

  /**
   * Reads the scan to its end and returns the volume to send and score.
   *
   * @param scan before its first slice; not closed here
   * @throws PreprocessingException if the scan does not have exactly three axes, claims an
   *     orientation that is invalid, or has too many non-finite voxels
   * @throws org.pneumostream.jdata.InvalidDataException if the scan is cut off or damaged
   */
  public NetworkVolume apply(NiftiReader scan) throws IOException {
    Resampled resampled = resampled(scan);
    NiftiHeader header = scan.header();
    List<String> warnings = new ArrayList<>(header.warnings());
    if (orientation == OrientationPolicy.CANONICAL && header.affine().isEmpty()) {
      warnings.add(
          "sform_code and qform_code are 0: the orientation is unknown,"
              + " axes are taken as R, A, S");
    }
    if (resampled.nonFiniteShare() > 0) {
      warnings.add(
          percent(resampled.nonFiniteShare())
              + " of the voxels are NaN or infinite; taken as air and bone");
    }
    warnings.addAll(plausibility.warnings(header, orientationOf(header), resampled.values()));
    return NetworkVolume.quantized(shape, resampled.values(), warnings);
  }

  /**
   * The same before values are rounded to 16 bits. They lie in [0, 1], except that the cubic spline
   * overshoots where width and height differ by an odd number of voxels.
   *
   * @param scan before its first slice; not closed here
   * @return one value per voxel, depth fastest, then height
   * @throws PreprocessingException as {@link #apply} does
   * @throws org.pneumostream.jdata.InvalidDataException if the scan is cut off or damaged
   */
  public float[] resample(NiftiReader scan) throws IOException {
    return resampled(scan).values();
  }

  /**
   * @param values one per voxel of the network's volume
   * @param nonFiniteShare non-finite share of the scan's voxels, 0 to 1
   */
  private record Resampled(float[] values, double nonFiniteShare) {}

  private Resampled resampled(NiftiReader scan) throws IOException {
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
    long nonFinite = 0;
    for (int k = 0; k < header.depth(); k++) {
      VoxelSlice slice = scan.nextSlice();
      nonFinite += slice.nonFinite();
      resampler.add(slice, k);
    }
    double voxels = (double) header.width() * header.height() * header.depth();
    return new Resampled(
        axes.inOutputOrder(resampler.planes(), shape), permitted(nonFinite / voxels));
  }

  private double permitted(double nonFiniteShare) throws PreprocessingException {
    if (nonFiniteShare == 1 || nonFiniteShare > maxNonFiniteShare) {
      throw new PreprocessingException(
          "share of voxels that are NaN or infinite",
          percent(nonFiniteShare),
          maxNonFiniteShare == 1
              ? "less than 100 %"
              : "at most " + percent(maxNonFiniteShare) + " (max-non-finite-share)");
    }
    return nonFiniteShare;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private Orientation orientationOf(NiftiHeader header) throws PreprocessingException {
    if (orientation == OrientationPolicy.AS_STORED) {
      return Orientation.RAS;
    }
    if (header.orientationFault().isPresent()) {
      throw new PreprocessingException(
          "the orientation is unknown: "
              + header.orientationFault().get()
              + "; repair the header, or set orientation to as-stored");
    }
    return header.affine().map(Orientation::of).orElse(Orientation.RAS);
  }
}
