package org.pneumostream.jdata;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Text from outside, such as file names and header fields, for terminals and logs: the one place
 * that knows which characters could move a cursor, begin a line of their own, or turn the direction
 * of writing.
 */
public final class Printable {
  private static final String REPLACEMENT = "\uFFFD";

  /** Controls, line and paragraph separators, and the marks that reorder text. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile(
          "[\\p{gc=Cc}\\p{gc=Zl}\\p{gc=Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]");

  private static final Pattern UNPRINTABLE_IN_LINES =
      Pattern.compile("[" + UNPRINTABLE + "&&[^\n\t]]");

  private Printable() {}

  /** One line of the text: what is unprintable, line ends and tabs too, becomes U+FFFD. */
  public static String line(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(REPLACEMENT);
  }

  /** The text with its line ends and tabs, but nothing else that is unprintable. */
  public static String lines(String text) {
    return UNPRINTABLE_IN_LINES.matcher(text.replace("\r\n", "\n")).replaceAll(REPLACEMENT);
  }

  /** JSON on one line that means the same, with what is unprintable in its strings escaped. */
  public static String json(String json) {
    return UNPRINTABLE.matcher(json).replaceAll(Printable::escape);
  }

  private static String escape(MatchResult found) {
    return "\\\\u%04x".formatted((int) found.group().charAt(0));
  }
}
