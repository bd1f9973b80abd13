package org.pneumostream.jnifti;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.pneumostream.jdata.InvalidDataException;

/**
 * Builds a header. Values are rounded to the format's precision (32-bit reals in NIfTI-1), so that
 * the result equals what a reader finds in the file. Methods return this builder.
 */
public final class NiftiHeaderBuilder {
  private static final ReadLimits ANY_SIZE = new ReadLimits(Long.MAX_VALUE, Integer.MAX_VALUE, 1);
  private static final int SCANNER_COORDINATES = 1;

  private final FieldValues values;
  private final List<Extension> extensions;
  private Format format;
  private ByteOrder byteOrder;

  NiftiHeaderBuilder(Datatype datatype, int... dims) {
    this(Format.NIFTI1, ByteOrder.LITTLE_ENDIAN, new FieldValues(), List.of());
    if (dims.length < 1 || dims.length > NiftiHeader.mostAxes()) {
      throw new IllegalArgumentException(dims.length + " axes, expected one to seven");
    }
    double[] dim = {dims.length, 1, 1, 1, 1, 1, 1, 1};
    for (int axis = 0; axis < dims.length; axis++) {
      dim[axis + 1] = dims[axis];
    }
    values.put(HeaderField.DIM, dim);
    values.put(HeaderField.DATATYPE, datatype.code());
    values.put(HeaderField.BITPIX, 8 * datatype.bytesPerVoxel());
    values.put(HeaderField.PIXDIM, 1, 1, 1, 1, 1, 1, 1, 1);
    values.put(HeaderField.XYZT_UNITS, VoxelUnit.MILLIMETER.ordinal());
  }

  NiftiHeaderBuilder(
      Format format, ByteOrder byteOrder, FieldValues values, List<Extension> extensions) {
    this.format = format;
    this.byteOrder = byteOrder;
    this.values = values;
    this.extensions = new ArrayList<>(extensions);
  }

  public NiftiHeaderBuilder format(Format format) {
    this.format = format;
    return this;
  }

  /** Byte order of header and voxels; JNIfTI is always little-endian. */
  public NiftiHeaderBuilder byteOrder(ByteOrder byteOrder) {
    this.byteOrder = byteOrder;
    return this;
  }

  /** Distance in mm between voxels along the first three axes. */
  public NiftiHeaderBuilder spacingMm(double... spacing) {
    if (spacing.length != 3) {
      throw new IllegalArgumentException("spacing has " + spacing.length + " values, expected 3");
    }
    double[] pixdim = values.numbers(HeaderField.PIXDIM, 8);
    for (int axis = 0; axis < 3; axis++) {
      if (!(spacing[axis] > 0) || !Double.isFinite(spacing[axis])) {
        throw new IllegalArgumentException("spacing is " + spacing[axis] + " mm, expected above 0");
      }
      pixdim[axis + 1] = spacing[axis] / unitInMm();
    }
    values.put(HeaderField.PIXDIM, pixdim);
    return this;
  }

  /**
   * Maps a voxel index to mm, RAS+. Sets the sform, in scanner coordinates, and the spacing;
   * removes any qform.
   */
  public NiftiHeaderBuilder affine(Affine affine) {
    spacingMm(affine.spacingMm());
    HeaderField[] rows = {HeaderField.SROW_X, HeaderField.SROW_Y, HeaderField.SROW_Z};
    for (int r = 0; r < rows.length; r++) {
      double[] row = new double[4];
      for (int c = 0; c < row.length; c++) {
        row[c] = affine.at(r, c) / unitInMm();
      }
      values.put(rows[r], row);
    }
    values.put(HeaderField.SFORM_CODE, SCANNER_COORDINATES);
    values.put(HeaderField.QFORM_CODE, 0);
    return this;
  }

  private double unitInMm() {
    return VoxelUnit.ofCode((int) values.number(HeaderField.XYZT_UNITS)).millimeters();
  }

  /** A voxel's value is slope · stored + intercept. */
  public NiftiHeaderBuilder scaling(double slope, double intercept) {
    values.put(HeaderField.SCL_SLOPE, slope);
    values.put(HeaderField.SCL_INTER, intercept);
    return this;
  }

  /** Free text, at most 80 bytes of UTF-8. */
  public NiftiHeaderBuilder description(String description) {
    values.put(HeaderField.DESCRIP, description);
    return this;
  }

  /** Sets any other numeric field. */
  public NiftiHeaderBuilder field(HeaderField field, double... numbers) {
    values.put(field, numbers);
    return this;
  }

  /** Sets any other text field. */
  public NiftiHeaderBuilder field(HeaderField field, String text) {
    values.put(field, text);
    return this;
  }

  public NiftiHeaderBuilder extension(Extension extension) {
    extensions.add(extension);
    return this;
  }

  /** Removes all free text and every extension, since they could identify a patient. */
  public NiftiHeaderBuilder withoutText() {
    for (HeaderField field : HeaderField.values()) {
      if (field.isText()) {
        values.put(field, "");
      }
    }
    extensions.clear();
    return this;
  }

  /**
   * @throws IllegalArgumentException if a value is invalid or does not fit the format
   */
  public NiftiHeader build() {
    values.put(HeaderField.SIZEOF_HDR, format.headerBytes());
    values.put(HeaderField.MAGIC, format.magic());
    values.put(HeaderField.VOX_OFFSET, ExtensionCodec.voxelOffset(format, extensions));
    ByteBuffer header = ByteBuffer.allocate(format.headerBytes());
    HeaderCodec.encode(values, format, header);
    try {
      FieldValues stored = HeaderCodec.decode(header, format);
      ByteOrder order = format.isJnifti() ? ByteOrder.LITTLE_ENDIAN : byteOrder;
      return NiftiHeader.checked(format, order, stored, extensions, ANY_SIZE);
    } catch (InvalidDataException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
