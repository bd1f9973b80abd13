package org.pneumostream.jdata;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes text from outside, such as file names and header fields, safe for terminals and logs. Only
 * this class knows which characters could move a cursor, begin a new line, or reverse the direction
 * of writing.
 */
public final class Printable {
  private static final String REPLACEMENT = "\uFFFD";

  /** Controls, line and paragraph separators, and marks that reorder text. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile(
          "[\\p{gc=Cc}\\p{gc=Zl}\\p{gc=Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]");

  private static final Pattern UNPRINTABLE_IN_LINES =
      Pattern.compile("[" + UNPRINTABLE + "&&[^\n\t]]");

  private Printable() {}

  /**
   * The text on one line: each unprintable character, including line ends and tabs, becomes U+FFFD.
   */
  public static String line(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(REPLACEMENT);
  }

  /** The text with its line ends and tabs; other unprintable characters become U+FFFD. */
  public static String lines(String text) {
    return UNPRINTABLE_IN_LINES.matcher(text.replace("\r\n", "\n")).replaceAll(REPLACEMENT);
  }

  /** Equivalent JSON on one line, with unprintable characters in strings escaped. */
  public static String json(String json) {
    return UNPRINTABLE.matcher(json).replaceAll(Printable::escape);
  }

  private static String escape(MatchResult found) {
    return "\\\\u%04x".formatted((int) found.group().charAt(0));
  }
}
