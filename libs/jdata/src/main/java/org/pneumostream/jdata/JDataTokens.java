package org.pneumostream.jdata;

import java.io.IOException;
import java.util.List;

/**
 * A JData document as a sequence of tokens, the same for JSON text and the binary form. A token's
 * content is read only on demand and otherwise skipped, so that large content need not fit in
 * memory.
 */
interface JDataTokens {
  /** Documents nested deeper are refused; a scan in JNIfTI needs about six levels. */
  int MOST_DEPTH = 64;

  /** Longest name or text that is read. */
  int MOST_TEXT_BYTES = 1 << 20;

  /**
   * Type and shape of a packed array.
   *
   * @param columnMajor whether the first dimension runs fastest, instead of the last
   */
  record Packing(NumberType type, List<Long> dims, boolean columnMajor) {
    long count() {
      return dims.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /**
   * @throws InvalidDataException if the bytes are not valid or end too early
   */
  JDataToken next() throws IOException;

  /** The current name or string. */
  String text() throws IOException;

  /** The current number, rounded to the nearest double. */
  double number() throws IOException;

  /** Whether the current number is whole and fits into 64 bits, signed or not. */
  boolean isWhole() throws IOException;

  /** The current whole number's low 64 bits. */
  long wholeBits() throws IOException;

  /** Type and shape of the current packed array. */
  Packing packing();

  /**
   * Copies the bytes of the current string (base64 in JSON text) or of the current packed array.
   */
  void copyBytesTo(ByteStore target) throws IOException;
}
