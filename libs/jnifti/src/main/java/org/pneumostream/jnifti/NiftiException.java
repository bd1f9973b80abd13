package org.pneumostream.jnifti;

import java.io.IOException;

/**
 * The bytes violate the NIfTI or JNIfTI specification, or the caller's {@link ReadLimits}. The
 * message names the field, the value found and what was expected. Fields carry the specification's
 * names, such as {@code dim[3]} or {@code scl_inter}.
 *
 * <p>Failures of the disk or the network remain an {@link IOException} of their own class.
 */
public final class NiftiException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_VALUE = 80;

  private final String field;
  private final String value;
  private final String expected;

  NiftiException(String field, Object value, String expected) {
    this(field, value, expected, null);
  }

  NiftiException(String field, Object value, String expected, Throwable cause) {
    this(field, cut(value), expected, cause, "");
  }

  private NiftiException(
      String field, String value, String expected, Throwable cause, String detail) {
    super(field + " is " + value + Printable.line(detail) + ", expected " + expected, cause);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }

  /**
   * @param detail a parser's description, which is not shortened
   */
  static NiftiException damaged(
      String field, String where, String detail, String expected, Throwable cause) {
    return new NiftiException(field, "damaged" + where, expected, cause, " (" + detail + ")");
  }

  /** The specification's name of the invalid field. */
  public String field() {
    return field;
  }

  /** The value found; unprintable characters are replaced, long values are cut. */
  public String value() {
    return value;
  }

  /** What was expected instead. */
  public String expected() {
    return expected;
  }

  /** Shortens a value from the file and replaces unprintable characters, for terminals and logs. */
  private static String cut(Object value) {
    String text = String.valueOf(value);
    return Printable.line(
        text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text);
  }
}
