package org.pneumostream.jnifti;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pneumostream.jdata.InvalidDataException;

/**
 * A scan's header: number, type, spacing and position of the voxels, and the meaning of their
 * stored values. Every instance has been checked. Immutable.
 *
 * <p>Axes come in the order in which they are stored, the fastest first, as in NIfTI's {@code dim}.
 * {@link #number} and {@link #text} return every other field by the specification's name.
 */
public final class NiftiHeader {
  /** What nibabel reports for a file with neither sform nor qform. */
  private static final String ORIENTATION_IF_UNKNOWN = "LAS";

  private static final int VOLUME_AXES = 3;
  private static final int MOST_AXES = 7;

  private final Format format;
  private final ByteOrder byteOrder;
  private final FieldValues values;
  private final List<Extension> extensions;
  private final List<Integer> dims;
  private final Datatype datatype;
  private final long voxelBytes;
  private final double slope;
  private final double intercept;
  private final HeaderGeometry geometry;
  private final List<String> warnings;

  private NiftiHeader(
      Format format,
      ByteOrder byteOrder,
      FieldValues values,
      List<Extension> extensions,
      ReadLimits limits)
      throws InvalidDataException {
    this.format = format;
    this.byteOrder = byteOrder;
    this.values = values;
    this.extensions = List.copyOf(extensions);
    this.dims = HeaderChecks.dims(values, limits);
    this.datatype = HeaderChecks.datatype(values);
    this.voxelBytes = HeaderChecks.voxelBytes(dims, datatype, limits);
    double storedSlope = values.number(HeaderField.SCL_SLOPE);
    boolean scaled = storedSlope != 0 && Double.isFinite(storedSlope);
    this.slope = scaled ? storedSlope : 1;
    this.intercept = scaled ? HeaderChecks.intercept(values) : 0;
    this.geometry = HeaderGeometry.of(values, dims);
    List<String> all = new ArrayList<>(geometry.warnings());
    HeaderChecks.scalingWarning(values).ifPresent(all::add);
    this.warnings = List.copyOf(all);
  }

  /**
   * @throws InvalidDataException if values are invalid or exceed the limits
   */
  static NiftiHeader checked(
      Format format,
      ByteOrder byteOrder,
      FieldValues values,
      List<Extension> extensions,
      ReadLimits limits)
      throws InvalidDataException {
    return new NiftiHeader(format, byteOrder, values, extensions, limits);
  }

  /**
   * Builds a new header. Defaults: little-endian NIfTI-1, spacing 1 mm, no scaling, no orientation.
   *
   * @param dims voxels along each axis, the fastest first; one to seven axes
   */
  public static NiftiHeaderBuilder builder(Datatype datatype, int... dims) {
    return new NiftiHeaderBuilder(datatype, dims);
  }

  /** A builder that starts from this header. */
  public NiftiHeaderBuilder toBuilder() {
    return new NiftiHeaderBuilder(format, byteOrder, new FieldValues(values), extensions);
  }

  public Format format() {
    return format;
  }

  /** Byte order of header and voxels in the file. */
  public ByteOrder byteOrder() {
    return byteOrder;
  }

  /**
   * Voxels along each axis, without the leading count; trailing axes of length 1 are dropped down
   * to three.
   */
  public List<Integer> dims() {
    return dims;
  }

  /**
   * Whether there are exactly three axes: true for {@code 512×512×40×1}, false for {@code 512×512}.
   */
  public boolean isVolume() {
    return dims.size() == VOLUME_AXES;
  }

  /** Voxels along the first, fastest axis. */
  public int width() {
    return dims.get(0);
  }

  /** Voxels along the second axis, 1 if there is none. */
  public int height() {
    return axisLength(1);
  }

  /** Voxels along the third axis, 1 if there is none. */
  public int depth() {
    return axisLength(2);
  }

  private int axisLength(int axis) {
    return axis < dims.size() ? dims.get(axis) : 1;
  }

  /** Number of slices of width · height voxels: the depth, times any further axes. */
  public long sliceCount() {
    return voxelBytes / ((long) width() * height() * datatype.bytesPerVoxel());
  }

  /**
   * Distance in mm between voxels along the first three axes. Signs are dropped. 0 and non-finite
   * values count as 1, as in nibabel, and {@link #warnings()} mentions them.
   */
  public double[] spacingMm() {
    return geometry.spacingMm().clone();
  }

  public Datatype datatype() {
    return datatype;
  }

  /** Factor from stored to real value; 1 when the file has none ({@code scl_slope} 0, NaN, ∞). */
  public double slope() {
    return slope;
  }

  /** Added to the scaled value; 0 when the file has no scaling. */
  public double intercept() {
    return intercept;
  }

  /**
   * Maps a voxel index to mm, RAS+: the sform if {@code sform_code} is positive, else the qform if
   * {@code qform_code} is positive, else empty. An invalid form is skipped: one that is not finite,
   * whose axes lie in one plane, or whose quaternion is longer than 1. Lengths are converted to mm
   * by {@link #unit()}.
   */
  public Optional<Affine> affine() {
    return geometry.affine();
  }

  /**
   * Why there is no {@link #affine()} although {@code sform_code} or {@code qform_code} claims one:
   * field, value and what was expected. Empty if the header claims none.
   */
  public Optional<String> orientationFault() {
    return geometry.fault();
  }

  /**
   * The header's invalid fields and what replaces them: one sentence for each field, empty for a
   * valid header.
   */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * The direction of each stored axis, as nibabel's {@code aff2axcodes} spells it: {@code LPS} for
   * left, posterior, superior. Without an {@link #affine()} it is {@code LAS}, nibabel's
   * assumption.
   */
  public String orientation() {
    return affine().map(Orientation::of).map(Orientation::code).orElse(ORIENTATION_IF_UNKNOWN);
  }

  public VoxelUnit unit() {
    return VoxelUnit.ofCode((int) values.number(HeaderField.XYZT_UNITS));
  }

  /** The free text in {@code descrip}. */
  public String description() {
    return values.text(HeaderField.DESCRIP);
  }

  /** Size of all stored voxels, in bytes. */
  public long voxelBytes() {
    return voxelBytes;
  }

  public List<Extension> extensions() {
    return extensions;
  }

  /** The first value of a numeric field, as stored. */
  public double number(HeaderField field) {
    return values.number(field);
  }

  /** One value of a numeric field, as stored; 0 if the file's format lacks it. */
  public double number(HeaderField field, int index) {
    return values.number(field, index);
  }

  /** A text field up to its first NUL. */
  public String text(HeaderField field) {
    return values.text(field);
  }

  FieldValues values() {
    return values;
  }

  static int mostAxes() {
    return MOST_AXES;
  }

  @Override
  public String toString() {
    String size = dims.stream().map(String::valueOf).collect(Collectors.joining("×"));
    return format + " " + size + " " + datatype + " " + orientation();
  }
}
