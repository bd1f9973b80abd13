package org.pneumostream.jdata;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JData document, as text or in its binary form, token by token: small values as trees,
 * arrays as their bytes. Nothing else of it is held in memory. Not thread-safe.
 *
 * @see <a href="https://neurojson.org/jdata">JData specification</a>
 */
public final class JDataDocument {
  private final JDataTokens tokens;
  private final JDataTree tree;
  private final FormatNames names;

  private JDataDocument(JDataTokens tokens, FormatNames names) {
    this.tokens = tokens;
    this.tree = new JDataTree(tokens, names.header());
    this.names = names;
  }

  /** A document in JSON. */
  public static JDataDocument ofText(InputStream in, FormatNames names) throws IOException {
    return new JDataDocument(new JsonTokens(in, names.document()), names);
  }

  /** A document in Binary JData, little-endian. */
  public static JDataDocument ofBinary(BoundedInput in, FormatNames names) {
    return new JDataDocument(new BjdataTokens(in), names);
  }

  /**
   * The next token. What the one before carried is skipped unless it has been read.
   *
   * @throws InvalidDataException if the bytes are not such a document or end too early
   */
  public JDataToken next() throws IOException {
    return tokens.next();
  }

  /** The current name or string. */
  public String text() throws IOException {
    return tokens.text();
  }

  /**
   * The value that starts with {@code first}: {@code Map}, {@code List}, {@code String}, {@code
   * Double}, {@code Boolean} or null. All trees of a document together are bounded.
   */
  public @Nullable Object tree(JDataToken first) throws IOException {
    return tree.read(first);
  }

  /**
   * The array that starts with {@code first}: packed, as nested numbers, or annotated.
   *
   * @param typeIfPlain the type of nested numbers that come without one
   * @param most how many bytes of it may be held in memory
   * @throws InvalidDataException if it is no array, is not complete, or is larger
   */
  public JDataArray array(JDataToken first, NumberType typeIfPlain, long most) throws IOException {
    return new JDataArrayReader(tokens, names, most, typeIfPlain).read(first);
  }

  /** Passes over the value that starts with {@code first}. */
  public void skip(JDataToken first) throws IOException {
    JDataTree.skip(tokens, first);
  }
}
