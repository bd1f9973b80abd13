package org.pneumostream.jnifti;

import java.util.List;
import java.util.Optional;

/**
 * An sform or a qform: one of the header's two ways to place the voxels in space.
 *
 * @param name {@code sform} or {@code qform}
 * @param fields the header fields that hold it
 * @param affine in mm; empty if the fields are invalid
 * @param fault which field is invalid, and why; empty for a valid form
 */
record Form(String name, String fields, Optional<Affine> affine, Optional<String> fault) {
  private static final String SFORM_FIELDS = "srow_x, srow_y, srow_z";
  private static final List<HeaderField> ROWS =
      List.of(HeaderField.SROW_X, HeaderField.SROW_Y, HeaderField.SROW_Z);
  private static final String QFORM_FIELDS = "quatern_b, quatern_c, quatern_d";
  private static final List<HeaderField> QUATERNION =
      List.of(HeaderField.QUATERN_B, HeaderField.QUATERN_C, HeaderField.QUATERN_D);
  private static final List<HeaderField> OFFSET =
      List.of(HeaderField.QOFFSET_X, HeaderField.QOFFSET_Y, HeaderField.QOFFSET_Z);

  /** A little over 1, since rounding can lengthen the components of a half turn. */
  private static final double MOST_QUATERNION_LENGTH = 1.001;

  /** Volume that unit axes must span at least: 1 for right angles, 0 in one plane. */
  private static final double LEAST_UNIT_VOLUME = 0.1;

  boolean isSound() {
    return affine.isPresent();
  }

  /** Axis codes and handedness, such as {@code LPS (right-handed)}. */
  String orientation() {
    Affine sound = affine.orElseThrow();
    return "%s (%s-handed)"
        .formatted(Orientation.of(sound).code(), sound.unitVolume() > 0 ? "right" : "left");
  }

  /** Empty if {@code sform_code} is 0. */
  static Optional<Form> sform(FieldValues values, double unitMm) {
    if (!(values.number(HeaderField.SFORM_CODE) > 0)) {
      return Optional.empty();
    }
    double[][] rows = new double[ROWS.size()][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = values.numbers(ROWS.get(r), 4);
      for (int c = 0; c < rows[r].length; c++) {
        if (!Double.isFinite(rows[r][c])) {
          return Optional.of(damaged("sform", SFORM_FIELDS, notFinite(rowName(r, c), rows[r][c])));
        }
      }
    }
    return Optional.of(checked("sform", SFORM_FIELDS, Affine.of(rows).scaledBy(unitMm)));
  }

  /** Empty if {@code qform_code} is 0. */
  static Optional<Form> qform(FieldValues values, double[] spacingMm, double unitMm) {
    if (!(values.number(HeaderField.QFORM_CODE) > 0)) {
      return Optional.empty();
    }
    double[] bcd = QUATERNION.stream().mapToDouble(values::number).toArray();
    double[] offset = OFFSET.stream().mapToDouble(field -> values.number(field) * unitMm).toArray();
    for (int i = 0; i < bcd.length; i++) {
      if (!Double.isFinite(bcd[i])) {
        return Optional.of(
            damaged("qform", QFORM_FIELDS, notFinite(QUATERNION.get(i).fieldName(), bcd[i])));
      }
      if (!Double.isFinite(offset[i])) {
        return Optional.of(
            damaged("qform", QFORM_FIELDS, notFinite(OFFSET.get(i).fieldName(), offset[i])));
      }
    }
    double length = Math.hypot(Math.hypot(bcd[0], bcd[1]), bcd[2]);
    if (length > MOST_QUATERNION_LENGTH) {
      String fault = "%s have length %.4g, expected at most 1".formatted(QFORM_FIELDS, length);
      return Optional.of(damaged("qform", QFORM_FIELDS, fault));
    }
    double qfac = values.number(HeaderField.PIXDIM, 0);
    Affine affine = Affine.ofQuaternion(bcd, qfac, spacingMm, offset);
    return Optional.of(checked("qform", QFORM_FIELDS, affine));
  }

  private static Form checked(String name, String fields, Affine affine) {
    double[] steps = affine.spacingMm();
    for (int axis = 0; axis < steps.length; axis++) {
      if (!HeaderGeometry.isStep(steps[axis])) {
        String fault =
            "%s: a step along axis %d is %s mm long, expected 1e-6 to 1e6 mm"
                .formatted(fields, axis + 1, steps[axis]);
        return damaged(name, fields, fault);
      }
    }
    if (Math.abs(affine.unitVolume()) < LEAST_UNIT_VOLUME) {
      return damaged(
          name, fields, fields + ": the axes lie in one plane, expected three directions");
    }
    return new Form(name, fields, Optional.of(affine), Optional.empty());
  }

  private static Form damaged(String name, String fields, String fault) {
    return new Form(name, fields, Optional.empty(), Optional.of(fault));
  }

  private static String rowName(int row, int column) {
    return "%s[%d]".formatted(ROWS.get(row).fieldName(), column);
  }

  private static String notFinite(String field, double value) {
    return field + " is " + value + ", expected a finite number";
  }
}
