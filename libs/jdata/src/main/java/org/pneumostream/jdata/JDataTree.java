package org.pneumostream.jdata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small parts of a document as a tree: {@code Map}, {@code List}, {@code String}, {@code
 * Double}, {@code Boolean} or null.
 */
final class JDataTree {
  /** A header has about a hundred values. */
  private static final int MOST_VALUES = 100_000;

  /** Extensions come as text, too. */
  private static final int MOST_CHARACTERS = 16 << 20;

  private final JDataTokens tokens;
  private final String field;
  private int values;
  private int characters;

  /**
   * Reads parts of one document; the limits apply to their sum.
   *
   * @param field that holds it, for the message when it is too large
   */
  JDataTree(JDataTokens tokens, String field) {
    this.tokens = tokens;
    this.field = field;
  }

  /** The value that starts with {@code first}. */
  @Nullable Object read(JDataToken first) throws IOException {
    return value(first);
  }

  /** Skips the value that starts with {@code first}. */
  static void skip(JDataTokens tokens, JDataToken first) throws IOException {
    int depth = 0;
    JDataToken token = first;
    while (true) {
      switch (token) {
        case OBJECT_START, ARRAY_START -> depth++;
        case OBJECT_END, ARRAY_END -> depth--;
        case END -> throw new InvalidDataException("JData", "cut off", "its closing brackets");
        default -> {}
      }
      if (depth == 0 && token != JDataToken.NAME) {
        return;
      }
      token = tokens.next();
    }
  }

  private @Nullable Object value(JDataToken token) throws IOException {
    count(1);
    return switch (token) {
      case OBJECT_START -> object();
      case ARRAY_START -> array();
      case PACKED_ARRAY -> packed();
      case STRING -> text();
      case NUMBER -> tokens.number();
      case TRUE -> Boolean.TRUE;
      case FALSE -> Boolean.FALSE;
      case NULL -> null;
      default -> throw new InvalidDataException("JData", token, "a value");
    };
  }

  private void count(long more) throws InvalidDataException {
    values = (int) Math.min(Integer.MAX_VALUE, values + more);
    if (values > MOST_VALUES) {
      throw new InvalidDataException(field, "larger", "at most " + MOST_VALUES + " values");
    }
  }

  private String text() throws IOException {
    String text = tokens.text();
    characters += text.length();
    if (characters > MOST_CHARACTERS) {
      throw new InvalidDataException(
          field, "larger", "at most " + MOST_CHARACTERS + " characters of text");
    }
    return text;
  }

  /** Reads an object; an annotated array becomes the list of its elements, in file order. */
  private @Nullable Object object() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    JDataToken token = tokens.next();
    while (token == JDataToken.NAME) {
      String name = text();
      object.put(name, value(tokens.next()));
      token = tokens.next();
    }
    return object.containsKey("_ArrayData_") ? object.get("_ArrayData_") : object;
  }

  private List<Object> array() throws IOException {
    List<Object> array = new ArrayList<>();
    JDataToken token = tokens.next();
    while (token != JDataToken.ARRAY_END) {
      array.add(value(token));
      token = tokens.next();
    }
    return array;
  }

  /** Flattens an array, the last axis fastest. */
  private List<Object> packed() throws IOException {
    JDataTokens.Packing packing = tokens.packing();
    count(packing.count());
    ByteStore store = new ByteStore(field, (long) MOST_VALUES * Long.BYTES);
    tokens.copyBytesTo(store);
    byte[] bytes = new byte[(int) store.size()];
    store.copyTo(0, bytes, bytes.length);
    ByteBuffer stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int count = (int) packing.count();
    int rows = packing.dims().size() == 2 ? packing.dims().get(0).intValue() : 1;
    int columns = packing.dims().size() == 2 ? packing.dims().get(1).intValue() : count;
    List<Object> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = packing.columnMajor() ? i % columns * rows + i / columns : i;
      numbers.add(NumberDecoder.number(stored, packing.type(), index));
    }
    return numbers;
  }
}
