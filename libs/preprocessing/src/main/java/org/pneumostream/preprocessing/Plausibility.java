package org.pneumostream.preprocessing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pneumostream.jnifti.NiftiHeader;
import org.pneumostream.jnifti.Orientation;

/**
 * Checks whether a scan looks like a chest CT in Hounsfield units. A scan that does not is
 * processed anyway; the warnings stay with its volume and its prediction.
 *
 * @param fewestSlices fewest slices along the patient's length; the network looks for structure
 *     over depth
 * @param widestGapMm widest distance between slices; larger gaps miss opacities of a centimetre
 * @param leastExtentMm smallest field of view along each axis
 * @param greatestExtentMm largest field of view along each axis; whole-body scans are longer
 * @param leastLungShare smallest share of the network's volume with the density of aerated lung, 0
 *     to 1. It is 0.14 to 0.31 in chests, and nearly 0 in heads, MR volumes and images windowed to
 *     8 bits
 */
public record Plausibility(
    int fewestSlices,
    double widestGapMm,
    double leastExtentMm,
    double greatestExtentMm,
    double leastLungShare) {

  /** Thresholds for adults' scans of the thorax. */
  public static final Plausibility DEFAULT = new Plausibility(10, 10, 120, 600, 0.04);

  /** Aerated lung in the window of version 1: −950 to −600 HU. */
  private static final float LUNG_FROM = 50 / 1400f;

  private static final float LUNG_TO = 400 / 1400f;
  private static final List<String> AXES = List.of("width", "height", "length");

  /**
   * @throws IllegalArgumentException if a threshold is out of range
   */
  public Plausibility {
    if (fewestSlices < 1) {
      throw new IllegalArgumentException("fewestSlices " + fewestSlices + ": expected 1 or more");
    }
    if (!(widestGapMm > 0)) {
      throw new IllegalArgumentException("widestGapMm " + widestGapMm + ": expected above 0");
    }
    if (!(leastExtentMm >= 0 && leastExtentMm < greatestExtentMm)) {
      throw new IllegalArgumentException(
          "extent %s to %s mm: expected a range from 0 or more"
              .formatted(leastExtentMm, greatestExtentMm));
    }
    if (!(leastLungShare >= 0 && leastLungShare <= 1)) {
      throw new IllegalArgumentException("leastLungShare " + leastLungShare + ": expected 0 to 1");
    }
  }

  /**
   * Returns what is unusual about a scan, one sentence each; empty for a plausible chest CT.
   *
   * @param header header of the scan
   * @param orientation which stored axes are taken for width, height and length
   * @param values of the network's volume, 0 at −1000 HU, 1 at 400 HU
   */
  List<String> warnings(NiftiHeader header, Orientation orientation, float[] values) {
    List<String> warnings = new ArrayList<>();
    double[] spacing = header.spacingMm();
    int slices = header.dims().get(orientation.axis(2));
    if (slices < fewestSlices) {
      warnings.add("number of slices is %d, expected at least %d".formatted(slices, fewestSlices));
    }
    double gap = spacing[orientation.axis(2)];
    if (gap > widestGapMm) {
      warnings.add(text("slices are %.1f mm apart, expected at most %.1f mm", gap, widestGapMm));
    }
    for (int r = 0; r < AXES.size(); r++) {
      int stored = orientation.axis(r);
      double extent = header.dims().get(stored) * spacing[stored];
      if (!(extent >= leastExtentMm && extent <= greatestExtentMm)) {
        warnings.add(
            text(
                "%s of the scan is %.0f mm, expected %.0f to %.0f mm for a chest",
                AXES.get(r), extent, leastExtentMm, greatestExtentMm));
      }
    }
    double lung = lungShare(values);
    if (lung < leastLungShare) {
      warnings.add(
          text(
              "%.1f %% of the scan is as dense as lung, expected at least %.1f %%:"
                  + " not a chest, or not in Hounsfield units",
              100 * lung, 100 * leastLungShare));
    }
    return List.copyOf(warnings);
  }

  private static double lungShare(float[] values) {
    int lung = 0;
    for (float value : values) {
      lung += value > LUNG_FROM && value < LUNG_TO ? 1 : 0;
    }
    return (double) lung / values.length;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
