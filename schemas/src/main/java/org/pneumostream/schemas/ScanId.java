package org.pneumostream.schemas;

import java.util.regex.Pattern;

/** What names a scan everywhere: the SHA-256 of its uncompressed bytes, 64 lowercase hex digits. */
public final class ScanId {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  private ScanId() {}

  /** Whether a text has the form of a scan id. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }
}
