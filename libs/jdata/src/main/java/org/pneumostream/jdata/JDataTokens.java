package org.pneumostream.jdata;

import java.io.IOException;
import java.util.List;

/**
 * A JData document as a row of tokens, the same for JSON text and for its binary form. What a token
 * carries is read only when asked for, and skipped otherwise, so that nothing large has to fit in
 * memory on the way.
 */
interface JDataTokens {
  /** Deeper documents are refused; a scan in JNIfTI needs about six levels. */
  int MOST_DEPTH = 64;

  /** Longest name or text that is read as such. */
  int MOST_TEXT_BYTES = 1 << 20;

  /**
   * Type and shape of a packed array.
   *
   * @param columnMajor whether the first dimension is the fastest, else the last is
   */
  record Packing(NumberType type, List<Long> dims, boolean columnMajor) {
    long count() {
      return dims.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /**
   * @throws InvalidDataException if the bytes are not such a document or end too early
   */
  JDataToken next() throws IOException;

  /** The current name or string. */
  String text() throws IOException;

  /** The current number, nearest double. */
  double number() throws IOException;

  /** Whether the current number is whole and fits into 64 bits, signed or not. */
  boolean isWhole() throws IOException;

  /** The current whole number's low 64 bits. */
  long wholeBits() throws IOException;

  /** Of the current packed array. */
  Packing packing();

  /**
   * The bytes that the current string stands for (in text: encoded as base64) or that the current
   * packed array holds.
   */
  void copyBytesTo(ByteStore target) throws IOException;
}
