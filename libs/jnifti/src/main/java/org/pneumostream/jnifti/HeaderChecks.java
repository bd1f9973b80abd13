package org.pneumostream.jnifti;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pneumostream.jdata.InvalidDataException;

/** Checks a header's fields and derives their meaning. */
final class HeaderChecks {
  private static final int VOLUME_AXES = 3;

  /** A slice is read into one array. */
  private static final int MOST_SLICE_BYTES = Integer.MAX_VALUE - 15;

  private HeaderChecks() {}

  /** Drops trailing axes of length 1, down to three axes. */
  static List<Integer> dims(FieldValues values, ReadLimits limits) throws InvalidDataException {
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
      throws InvalidDataException {
    if (value != Math.rint(value) || value < least || value > most) {
      Object shown = value == Math.rint(value) ? (Object) (long) value : (Object) value;
      throw new InvalidDataException(field, shown, "from " + least + " to " + most);
    }
    return (long) value;
  }

  static Datatype datatype(FieldValues values) throws InvalidDataException {
    int code = (int) values.number(HeaderField.DATATYPE);
    return Datatype.ofCode(code)
        .orElseThrow(() -> new InvalidDataException("datatype", code, "one of NIfTI's type codes"));
  }

  static long voxelBytes(List<Integer> dims, Datatype datatype, ReadLimits limits)
      throws InvalidDataException {
    long most = limits.maxUncompressedBytes();
    long bytes = datatype.bytesPerVoxel();
    long slice = bytes * dims.get(0) * (dims.size() > 1 ? dims.get(1) : 1);
    if (slice > MOST_SLICE_BYTES) {
      throw new InvalidDataException("dim", dims + " of " + datatype, "slices below 2 GiB");
    }
    for (int length : dims) {
      if (bytes > most / length) {
        throw new InvalidDataException(
            "dim", dims + " of " + datatype, "at most " + most + " bytes of voxels (a set limit)");
      }
      bytes *= length;
    }
    return bytes;
  }

  static double intercept(FieldValues values) throws InvalidDataException {
    double intercept = values.number(HeaderField.SCL_INTER);
    if (!Double.isFinite(intercept)) {
      throw new InvalidDataException(
          "scl_inter", intercept, "a finite number where scl_slope is one");
    }
    return intercept;
  }

  /** Programs omit scaling by a slope of 0 or NaN; the intercept is then not added either. */
  static Optional<String> scalingWarning(FieldValues values) {
    double slope = values.number(HeaderField.SCL_SLOPE);
    double intercept = values.number(HeaderField.SCL_INTER);
    if (Double.isInfinite(slope)) {
      return Optional.of("scl_slope is " + slope + ", expected a finite number; taken as 1");
    }
    boolean unscaled = slope == 0 || Double.isNaN(slope);
    return unscaled && intercept != 0 && Double.isFinite(intercept)
        ? Optional.of("scl_inter is %s beside scl_slope %s; not added".formatted(intercept, slope))
        : Optional.empty();
  }
}
