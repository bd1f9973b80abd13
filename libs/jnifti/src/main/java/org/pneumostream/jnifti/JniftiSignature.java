package org.pneumostream.jnifti;

import java.util.Optional;

/** Detects JNIfTI text and its binary form. */
final class JniftiSignature {
  /** Enough to look behind a byte order mark and leading white space. */
  static final int BYTES = 64;

  private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Markers that may follow the opening brace in Binary JData but not in JSON text. */
  private static final String BINARY_MARKERS = "UiuIlmLM$#N";

  private JniftiSignature() {}

  /** Empty if no JNIfTI document can start like this. */
  static Optional<Format> of(byte[] start) {
    int at = startsWithMark(start) ? UTF8_MARK.length : 0;
    while (at < start.length && isWhiteSpace(start[at])) {
      at++;
    }
    if (at == start.length || start[at] != '{') {
      return Optional.empty();
    }
    boolean binary =
        at == 0 && start.length > 1 && BINARY_MARKERS.indexOf((char) (start[1] & 0xff)) >= 0;
    return Optional.of(binary ? Format.BNII : Format.JNII);
  }

  private static boolean startsWithMark(byte[] start) {
    boolean same = start.length >= UTF8_MARK.length;
    for (int i = 0; same && i < UTF8_MARK.length; i++) {
      same = start[i] == UTF8_MARK[i];
    }
    return same;
  }

  private static boolean isWhiteSpace(byte value) {
    return value == ' ' || value == '\t' || value == '\n' || value == '\r';
  }
}
