package org.pneumostream.jnifti;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Position of the voxels in space, and the header fields that contradict it.
 *
 * @param spacingMm distance between voxels along the first three axes
 * @param affine from voxel index to mm: a valid sform, else a valid qform, else empty
 * @param fault why there is no affine although the header claims one; empty if it claims none
 * @param warnings one sentence for each field that was replaced or that contradicts another
 */
record HeaderGeometry(
    double[] spacingMm, Optional<Affine> affine, Optional<String> fault, List<String> warnings) {
  private static final int AXES = 3;

  /** No scanner has smaller or larger voxels. */
  private static final double LEAST_STEP_MM = 1e-6;

  private static final double MOST_STEP_MM = 1e6;

  /** Relative difference that rounding may cause between two copies of the spacing. */
  private static final double SPACING_TOLERANCE = 0.01;

  /** About one degree. */
  private static final double SHEAR_TOLERANCE = 0.0175;

  static HeaderGeometry of(FieldValues values, List<Integer> dims) {
    double unitMm = VoxelUnit.ofCode((int) values.number(HeaderField.XYZT_UNITS)).millimeters();
    List<String> warnings = new ArrayList<>();
    double[] spacing = new double[AXES];
    for (int axis = 0; axis < AXES; axis++) {
      // Nobody is warned of an axis that the scan does not have.
      spacing[axis] =
          spacingMm(values, axis, unitMm, axis < dims.size() ? warnings : new ArrayList<>());
    }
    Optional<Form> sform = Form.sform(values, unitMm);
    Optional<Form> qform = Form.qform(values, spacing, unitMm);
    if (qform.isPresent()) {
      checkQfac(values, warnings);
    }
    List<Form> claimed = Stream.of(sform, qform).flatMap(Optional::stream).toList();
    List<Form> sound = claimed.stream().filter(Form::isSound).toList();
    List<String> faults = claimed.stream().flatMap(form -> form.fault().stream()).toList();
    if (sound.isEmpty()) {
      faults.forEach(fault -> warnings.add(fault + "; the orientation is unknown"));
      Optional<String> fault =
          faults.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", faults));
      return new HeaderGeometry(spacing, Optional.empty(), fault, List.copyOf(warnings));
    }
    Form taken = sound.get(0);
    faults.forEach(fault -> warnings.add(fault + "; the " + taken.name() + " is taken"));
    checkShear(taken, warnings);
    checkSpacing(taken, values, spacing, warnings);
    sound.stream().skip(1).forEach(other -> checkAgreement(taken, other, warnings));
    return new HeaderGeometry(spacing, taken.affine(), Optional.empty(), List.copyOf(warnings));
  }

  /** Whether a distance between voxels is plausible. */
  static boolean isStep(double mm) {
    return mm >= LEAST_STEP_MM && mm <= MOST_STEP_MM;
  }

  /**
   * @param warnings takes what is wrong
   */
  private static double spacingMm(
      FieldValues values, int axis, double unitMm, List<String> warnings) {
    double stored = values.number(HeaderField.PIXDIM, axis + 1);
    double mm = Math.abs(stored) * unitMm;
    double taken = isStep(mm) ? mm : unitMm;
    if (!(stored > 0 && isStep(mm))) {
      warnings.add(
          "pixdim[%d] is %s, expected a length above 0; taken as %s mm"
              .formatted(axis + 1, stored, taken));
    }
    return taken;
  }

  private static void checkQfac(FieldValues values, List<String> warnings) {
    double qfac = values.number(HeaderField.PIXDIM, 0);
    if (Math.abs(qfac) != 1) {
      warnings.add(
          "pixdim[0] (qfac) is %s, expected 1 or -1; taken as %d"
              .formatted(qfac, qfac < 0 ? -1 : 1));
    }
  }

  private static void checkShear(Form form, List<String> warnings) {
    double cosine = form.affine().orElseThrow().largestCosine();
    if (cosine > SHEAR_TOLERANCE) {
      warnings.add(
          "%s: axes are sheared, %.0f degrees from right angles; voxels are taken as boxes"
              .formatted(form.fields(), Math.toDegrees(Math.asin(Math.min(1, cosine)))));
    }
  }

  private static void checkSpacing(
      Form form, FieldValues values, double[] spacing, List<String> warnings) {
    double[] steps = form.affine().orElseThrow().spacingMm();
    for (int axis = 0; axis < AXES; axis++) {
      double stored = values.number(HeaderField.PIXDIM, axis + 1);
      boolean differs = Math.abs(steps[axis] - spacing[axis]) > SPACING_TOLERANCE * spacing[axis];
      if (stored > 0 && Double.isFinite(stored) && differs) {
        warnings.add(
            "pixdim[%d] is %.4g mm, but the %s says %.4g mm; pixdim is taken"
                .formatted(axis + 1, spacing[axis], form.name(), steps[axis]));
      }
    }
  }

  private static void checkAgreement(Form taken, Form other, List<String> warnings) {
    if (!taken.orientation().equals(other.orientation())) {
      warnings.add(
          "%s is %s, but %s is %s; the %s is taken"
              .formatted(
                  taken.name(),
                  taken.orientation(),
                  other.name(),
                  other.orientation(),
                  taken.name()));
    }
  }
}
