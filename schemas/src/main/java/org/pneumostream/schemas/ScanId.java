package org.pneumostream.schemas;

import java.util.regex.Pattern;

/** A scan's id: the SHA-256 of its uncompressed bytes, 64 lowercase hex digits. */
public final class ScanId {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
  private static final int SHOWN = 80;

  private ScanId() {}

  /** Whether a text has the form of a scan id. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * @param field where the text came from, for the message
   * @return the text
   * @throws IllegalArgumentException if it is not a scan id; the message fits one line
   */
  public static String require(String field, String text) {
    if (!isOne(text)) {
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      throw new IllegalArgumentException(
          "%s: '%s', expected 64 lowercase hex digits"
              .formatted(field, shown.replaceAll("\\p{Cntrl}", "\uFFFD")));
    }
    return text;
  }
}
