package org.pneumostream.jnifti;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jdata.JDataNumbers;

/**
 * JNIfTI's {@code NIFTIHeader} as NIfTI header fields, by Table 1 of the specification.
 *
 * @see <a href="https://neurojson.org/jnifti">JNIfTI specification</a>
 */
final class JniftiHeaderFields {
  static final Map<HeaderField, String> NUMBERS =
      Map.ofEntries(
          Map.entry(HeaderField.INTENT_P1, "Param1"),
          Map.entry(HeaderField.INTENT_P2, "Param2"),
          Map.entry(HeaderField.INTENT_P3, "Param3"),
          Map.entry(HeaderField.SLICE_START, "FirstSliceID"),
          Map.entry(HeaderField.SLICE_END, "LastSliceID"),
          Map.entry(HeaderField.SCL_SLOPE, "ScaleSlope"),
          Map.entry(HeaderField.SCL_INTER, "ScaleOffset"),
          Map.entry(HeaderField.CAL_MAX, "MaxIntensity"),
          Map.entry(HeaderField.CAL_MIN, "MinIntensity"),
          Map.entry(HeaderField.SLICE_DURATION, "SliceTime"),
          Map.entry(HeaderField.TOFFSET, "TimeOffset"));

  static final Map<HeaderField, String> TEXTS =
      Map.of(
          HeaderField.DESCRIP, "Description",
          HeaderField.AUX_FILE, "AuxFile",
          HeaderField.INTENT_NAME, "Name");

  /** Indexed by code; Table 3. */
  static final List<String> LENGTH_UNITS = List.of("", "m", "mm", "um");

  /** Indexed by an eighth of the code; Table 3. */
  static final List<String> TIME_UNITS = List.of("", "s", "ms", "us", "hz", "ppm", "rad/s");

  /** Indexed by code. */
  static final List<String> FORMS =
      List.of("", "scanner_anat", "aligned_anat", "talairach", "mni_152", "template_other");

  /** Indexed by code. */
  static final List<String> SLICE_TYPES =
      List.of("", "seq+", "seq-", "alt+", "alt-", "alt2+", "alt2-");

  private final Map<?, ?> tree;
  private final FieldValues values = new FieldValues();

  private JniftiHeaderFields(Map<?, ?> tree) {
    this.tree = tree;
  }

  /**
   * @param tree value of {@code NIFTIHeader}; empty if the document has none
   */
  static FieldValues of(Map<?, ?> tree) throws InvalidDataException {
    return new JniftiHeaderFields(tree).read();
  }

  private FieldValues read() throws InvalidDataException {
    for (Map.Entry<HeaderField, String> entry : NUMBERS.entrySet()) {
      values.put(entry.getKey(), number(tree, entry.getValue()));
    }
    for (Map.Entry<HeaderField, String> entry : TEXTS.entrySet()) {
      Object text = tree.get(entry.getValue());
      values.put(entry.getKey(), text instanceof String string ? string : "");
    }
    values.put(HeaderField.MAGIC, Format.JNII.magic());
    readSpacing();
    Map<?, ?> unit = object(tree, "Unit");
    double length = code(unit, "L", LENGTH_UNITS, 1);
    double time = code(unit, "T", TIME_UNITS, 8);
    values.put(HeaderField.XYZT_UNITS, length + time);
    values.put(HeaderField.SLICE_CODE, code(tree, "SliceType", SLICE_TYPES, 1));
    values.put(HeaderField.INTENT_CODE, code(tree, "Intent", List.of(""), 1));
    readTransforms();
    return values;
  }

  private void readSpacing() throws InvalidDataException {
    double[] pixdim = new double[8];
    pixdim[0] = tree.containsKey("NIIQfac_") ? number(tree, "NIIQfac_") : 1;
    double[] spacing = numbers("VoxelSize");
    System.arraycopy(spacing, 0, pixdim, 1, Math.min(spacing.length, pixdim.length - 1));
    values.put(HeaderField.PIXDIM, pixdim);
    Map<?, ?> dimInfo = object(tree, "DimInfo");
    int freq = (int) number(dimInfo, "Freq") & 3;
    int phase = (int) number(dimInfo, "Phase") & 3;
    int slice = (int) number(dimInfo, "Slice") & 3;
    values.put(HeaderField.DIM_INFO, freq | phase << 2 | slice << 4);
  }

  private void readTransforms() throws InvalidDataException {
    values.put(HeaderField.QFORM_CODE, code(tree, "QForm", FORMS, 1));
    values.put(HeaderField.SFORM_CODE, code(tree, "SForm", FORMS, 1));
    Map<?, ?> quaternion = object(tree, "Quatern");
    values.put(HeaderField.QUATERN_B, number(quaternion, "b"));
    values.put(HeaderField.QUATERN_C, number(quaternion, "c"));
    values.put(HeaderField.QUATERN_D, number(quaternion, "d"));
    Map<?, ?> offset = object(tree, "QuaternOffset");
    values.put(HeaderField.QOFFSET_X, number(offset, "x"));
    values.put(HeaderField.QOFFSET_Y, number(offset, "y"));
    values.put(HeaderField.QOFFSET_Z, number(offset, "z"));
    double[] affine = numbers("Affine");
    if (affine.length >= 12) {
      values.put(HeaderField.SROW_X, affine[0], affine[1], affine[2], affine[3]);
      values.put(HeaderField.SROW_Y, affine[4], affine[5], affine[6], affine[7]);
      values.put(HeaderField.SROW_Z, affine[8], affine[9], affine[10], affine[11]);
    }
  }

  private double[] numbers(String name) throws InvalidDataException {
    Object value = tree.get(name);
    return value == null ? new double[0] : JDataNumbers.all(name, value);
  }

  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** Returns 0 if missing; MATLAB writes an empty array or text in that case. */
  private static double number(Map<?, ?> parent, String name) throws InvalidDataException {
    Object value = parent.get(name);
    OptionalDouble number = JDataNumbers.one(value);
    if (number.isPresent()) {
      return number.getAsDouble();
    }
    if (value instanceof String text && !text.isEmpty()) {
      return JDataNumbers.special(name, text);
    }
    if (value == null || value.equals("") || value.equals(List.of())) {
      return 0;
    }
    throw new InvalidDataException(name, value, "a number");
  }

  /** Reads a code as a number or a name; unknown names become 0, which stands for unknown codes. */
  private static double code(Map<?, ?> parent, String name, List<String> names, int step)
      throws InvalidDataException {
    if (parent.get(name) instanceof String text) {
      return (double) step * Math.max(0, names.indexOf(text));
    }
    return number(parent, name);
  }
}
