package org.pneumostream.jnifti;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From what a header's fields say to what they mean, or why they cannot mean anything. */
final class HeaderChecks {
  private static final int VOLUME_AXES = 3;

  /** A slice is read into one array. */
  private static final int MOST_SLICE_BYTES = Integer.MAX_VALUE - 15;

  private HeaderChecks() {}

  /** Trailing axes of length 1 dropped down to three. */
  static List<Integer> dims(FieldValues values, ReadLimits limits) throws NiftiException {
    int axes = (int) whole("dim[0]", values.number(HeaderField.DIM), 1, NiftiHeader.mostAxes());
    List<Integer> dims = new ArrayList<>();
    for (int axis = 1; axis <= axes; axis++) {
      double length = values.number(HeaderField.DIM, axis);
      dims.add((int) whole("dim[" + axis + "]", length, 1, limits.maxDimension()));
    }
    while (dims.size() > VOLUME_AXES && dims.get(dims.size() - 1) == 1) {
      dims.remove(dims.size() - 1);
    }
    return List.copyOf(dims);
  }

  private static long whole(String field, double value, long least, long most)
      throws NiftiException {
    if (value != Math.rint(value) || value < least || value > most) {
      Object shown = value == Math.rint(value) ? (Object) (long) value : (Object) value;
      throw new NiftiException(field, shown, "from " + least + " to " + most);
    }
    return (long) value;
  }

  static Datatype datatype(FieldValues values) throws NiftiException {
    int code = (int) values.number(HeaderField.DATATYPE);
    return Datatype.ofCode(code)
        .orElseThrow(() -> new NiftiException("datatype", code, "one of NIfTI's type codes"));
  }

  static long voxelBytes(List<Integer> dims, Datatype datatype, ReadLimits limits)
      throws NiftiException {
    long most = limits.maxUncompressedBytes();
    long bytes = datatype.bytesPerVoxel();
    long slice = bytes * dims.get(0) * (dims.size() > 1 ? dims.get(1) : 1);
    if (slice > MOST_SLICE_BYTES) {
      throw new NiftiException("dim", dims + " of " + datatype, "slices below 2 GiB");
    }
    for (int length : dims) {
      if (bytes > most / length) {
        throw new NiftiException(
            "dim", dims + " of " + datatype, "at most " + most + " bytes of voxels (a set limit)");
      }
      bytes *= length;
    }
    return bytes;
  }

  static double intercept(FieldValues values) throws NiftiException {
    double intercept = values.number(HeaderField.SCL_INTER);
    if (!Double.isFinite(intercept)) {
      throw new NiftiException("scl_inter", intercept, "a finite number where scl_slope is one");
    }
    return intercept;
  }

  static double[] spacingMm(FieldValues values) {
    double[] spacing = spacing(values);
    double factor = unit(values).millimeters();
    for (int axis = 0; axis < spacing.length; axis++) {
      spacing[axis] *= factor;
    }
    return spacing;
  }

  private static double[] spacing(FieldValues values) {
    double[] spacing = new double[VOLUME_AXES];
    for (int axis = 0; axis < VOLUME_AXES; axis++) {
      double stored = Math.abs(values.number(HeaderField.PIXDIM, axis + 1));
      spacing[axis] = stored > 0 && Double.isFinite(stored) ? stored : 1;
    }
    return spacing;
  }

  private static VoxelUnit unit(FieldValues values) {
    return VoxelUnit.ofCode((int) values.number(HeaderField.XYZT_UNITS));
  }

  static Optional<Affine> affine(FieldValues values) {
    double factor = unit(values).millimeters();
    return sform(values)
        .or(() -> qform(values))
        .map(affine -> affine.scaledBy(factor))
        .filter(Affine::isInvertible);
  }

  private static Optional<Affine> sform(FieldValues values) {
    if (values.number(HeaderField.SFORM_CODE) <= 0) {
      return Optional.empty();
    }
    double[][] rows = {
      values.numbers(HeaderField.SROW_X, 4),
      values.numbers(HeaderField.SROW_Y, 4),
      values.numbers(HeaderField.SROW_Z, 4)
    };
    return Optional.of(Affine.of(rows)).filter(Affine::isInvertible);
  }

  private static Optional<Affine> qform(FieldValues values) {
    if (values.number(HeaderField.QFORM_CODE) <= 0) {
      return Optional.empty();
    }
    double[] bcd = {
      values.number(HeaderField.QUATERN_B),
      values.number(HeaderField.QUATERN_C),
      values.number(HeaderField.QUATERN_D)
    };
    double[] offset = {
      values.number(HeaderField.QOFFSET_X),
      values.number(HeaderField.QOFFSET_Y),
      values.number(HeaderField.QOFFSET_Z)
    };
    double qfac = values.number(HeaderField.PIXDIM, 0);
    return Optional.of(Affine.ofQuaternion(bcd, qfac, spacing(values), offset))
        .filter(Affine::isInvertible);
  }
}
