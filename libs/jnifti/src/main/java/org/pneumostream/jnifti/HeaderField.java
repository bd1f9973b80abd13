package org.pneumostream.jnifti;

import static org.pneumostream.jnifti.HeaderField.Type.CHAR;
import static org.pneumostream.jnifti.HeaderField.Type.FLOAT32;
import static org.pneumostream.jnifti.HeaderField.Type.FLOAT64;
import static org.pneumostream.jnifti.HeaderField.Type.INT16;
import static org.pneumostream.jnifti.HeaderField.Type.INT32;
import static org.pneumostream.jnifti.HeaderField.Type.INT64;
import static org.pneumostream.jnifti.HeaderField.Type.UINT8;

import java.util.Locale;

/**
 * The header as a table: each field that NIfTI-1 and NIfTI-2 share, with its type and byte offset
 * in either. Fields that the specifications call unused are left out.
 *
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h">nifti1.h</a>
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/doc/nifti2.h">nifti2.h</a>
 */
public enum HeaderField {
  /** Size of the header: 348 in NIfTI-1, 540 in NIfTI-2. Tells the byte order as well. */
  SIZEOF_HDR(1, INT32, 0, INT32, 0),
  /** The format's signature; {@link Format#magic()}. */
  MAGIC(CHAR, 4, 344, 8, 4),
  /** Which axis is frequency (bits 0–1), phase (2–3) and slice (4–5) encoding. */
  DIM_INFO(1, UINT8, 39, UINT8, 524),
  /** Number of axes, then voxels along each. */
  DIM(8, INT16, 40, INT64, 16),
  INTENT_P1(1, FLOAT32, 56, FLOAT64, 80),
  INTENT_P2(1, FLOAT32, 60, FLOAT64, 88),
  INTENT_P3(1, FLOAT32, 64, FLOAT64, 96),
  /** What the values mean: a NIFTI_INTENT code. */
  INTENT_CODE(1, INT16, 68, INT32, 504),
  /** How a voxel is stored: {@link Datatype#code()}. */
  DATATYPE(1, INT16, 70, INT16, 12),
  /** Bits per voxel. {@link #DATATYPE} takes precedence if the two disagree. */
  BITPIX(1, INT16, 72, INT16, 14),
  SLICE_START(1, INT16, 74, INT64, 224),
  /** The qform's handedness (−1 or 1), then the spacing along each axis. */
  PIXDIM(8, FLOAT32, 76, FLOAT64, 104),
  /** Byte offset of the first voxel in its file. */
  VOX_OFFSET(1, FLOAT32, 108, INT64, 168),
  /** A voxel's value is {@code scl_slope · stored + scl_inter}, unless the slope is 0. */
  SCL_SLOPE(1, FLOAT32, 112, FLOAT64, 176),
  SCL_INTER(1, FLOAT32, 116, FLOAT64, 184),
  SLICE_END(1, INT16, 120, INT64, 232),
  /** The order in which slices were acquired: a NIFTI_SLICE code. */
  SLICE_CODE(1, UINT8, 122, INT32, 496),
  /** Units of {@link #PIXDIM}: space in bits 0–2, time in bits 3–5. */
  XYZT_UNITS(1, UINT8, 123, INT32, 500),
  /** The value to show as white. */
  CAL_MAX(1, FLOAT32, 124, FLOAT64, 192),
  /** The value to show as black. */
  CAL_MIN(1, FLOAT32, 128, FLOAT64, 200),
  SLICE_DURATION(1, FLOAT32, 132, FLOAT64, 208),
  TOFFSET(1, FLOAT32, 136, FLOAT64, 216),
  /** Free text. */
  DESCRIP(CHAR, 80, 148, 80, 240),
  AUX_FILE(CHAR, 24, 228, 24, 320),
  /** The space that the quaternion maps to: a NIFTI_XFORM code, 0 for none. */
  QFORM_CODE(1, INT16, 252, INT32, 344),
  /** The space that the srow fields map to: a NIFTI_XFORM code, 0 for none. */
  SFORM_CODE(1, INT16, 254, INT32, 348),
  QUATERN_B(1, FLOAT32, 256, FLOAT64, 352),
  QUATERN_C(1, FLOAT32, 260, FLOAT64, 360),
  QUATERN_D(1, FLOAT32, 264, FLOAT64, 368),
  QOFFSET_X(1, FLOAT32, 268, FLOAT64, 376),
  QOFFSET_Y(1, FLOAT32, 272, FLOAT64, 384),
  QOFFSET_Z(1, FLOAT32, 276, FLOAT64, 392),
  /** The sform's row for x, which grows to the patient's right. */
  SROW_X(4, FLOAT32, 280, FLOAT64, 400),
  /** The sform's row for y, which grows to the front. */
  SROW_Y(4, FLOAT32, 296, FLOAT64, 432),
  /** The sform's row for z, which grows to the head. */
  SROW_Z(4, FLOAT32, 312, FLOAT64, 464),
  INTENT_NAME(CHAR, 16, 328, 16, 508);

  enum Type {
    CHAR,
    UINT8,
    INT16,
    INT32,
    INT64,
    FLOAT32,
    FLOAT64
  }

  /** Where a field lies in one version of the header: {@code count} values from {@code offset}. */
  record Place(Type type, int count, int offset) {}

  private final Place nifti1;
  private final Place nifti2;

  HeaderField(int count, Type type1, int offset1, Type type2, int offset2) {
    this.nifti1 = new Place(type1, count, offset1);
    this.nifti2 = new Place(type2, count, offset2);
  }

  HeaderField(Type text, int length1, int offset1, int length2, int offset2) {
    this.nifti1 = new Place(text, length1, offset1);
    this.nifti2 = new Place(text, length2, offset2);
  }

  /** JNIfTI has no offsets; its values are as wide as NIfTI-2's. */
  Place in(Format format) {
    return format.isNifti1() ? nifti1 : nifti2;
  }

  public boolean isText() {
    return nifti1.type() == CHAR;
  }

  /** Number of values, or bytes of text, that the field holds in a format. */
  public int count(Format format) {
    return in(format).count();
  }

  /** The specification's name, such as {@code scl_slope}. */
  public String fieldName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return fieldName();
  }
}
