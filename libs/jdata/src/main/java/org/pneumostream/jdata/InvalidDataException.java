package org.pneumostream.jdata;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes are not what the specification of their format, or a limit that the caller set, allows.
 * Says which field, what was found in it and what was expected there; fields carry the
 * specification's names, such as {@code dim[3]} or {@code _ArraySize_}.
 *
 * <p>Failures of the disk or the network remain an {@link IOException} of their own class.
 */
public final class InvalidDataException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST_VALUE = 80;

  private final String field;
  private final String value;
  private final String expected;

  public InvalidDataException(String field, @Nullable Object value, String expected) {
    this(field, value, expected, null);
  }

  public InvalidDataException(
      String field, @Nullable Object value, String expected, @Nullable Throwable cause) {
    this(field, cut(value), expected, cause, "");
  }

  private InvalidDataException(
      String field, String value, String expected, @Nullable Throwable cause, String detail) {
    super(field + " is " + value + Printable.line(detail) + ", expected " + expected, cause);
    this.field = field;
    this.value = value;
    this.expected = expected;
  }

  /**
   * @param detail a parser's description, which is not shortened
   */
  static InvalidDataException damaged(
      String field, String where, String detail, String expected, Throwable cause) {
    return new InvalidDataException(field, "damaged" + where, expected, cause, " (" + detail + ")");
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
  private static String cut(@Nullable Object value) {
    String text = String.valueOf(value);
    return Printable.line(
        text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text);
  }
}
