package org.pneumostream.jnifti;

import java.io.IOException;

/**
 * The bytes are not what the NIfTI or JNIfTI specification, or the caller's {@link ReadLimits},
 * allow. Says which field, what was found in it and what was expected there; fields carry the
 * specification's names, such as {@code dim[3]} or {@code scl_inter}.
 *
 * <p>Failures of the disk or the network stay the {@link IOException} that they were.
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
    super(field + " is " + printable(value) + ", expected " + expected, cause);
    this.field = field;
    this.value = printable(value);
    this.expected = expected;
  }

  /** The specification's name of what is wrong. */
  public String field() {
    return field;
  }

  /** What was found; unprintable characters are replaced, long values are cut. */
  public String value() {
    return value;
  }

  /** What would have been right. */
  public String expected() {
    return expected;
  }

  /** A value comes from the file, so it may hold anything; a message goes to terminals and logs. */
  private static String printable(Object value) {
    String text = String.valueOf(value);
    String cut = text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
