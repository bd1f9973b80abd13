package org.pneumostream.jnifti;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.pneumostream.jnifti.JDataTokens.Token;

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
  private int values;
  private int characters;

  /** Reads parts of one document; the limits apply to their sum. */
  JDataTree(JDataTokens tokens) {
    this.tokens = tokens;
  }

  /** The value that starts with {@code first}. */
  Object read(Token first) throws IOException {
    return value(first);
  }

  /** Skips the value that starts with {@code first}. */
  static void skip(JDataTokens tokens, Token first) throws IOException {
    int depth = 0;
    Token token = first;
    while (true) {
      switch (token) {
        case OBJECT_START, ARRAY_START -> depth++;
        case OBJECT_END, ARRAY_END -> depth--;
        case END -> throw new NiftiException("JData", "cut off", "its closing brackets");
        default -> {}
      }
      if (depth == 0 && token != Token.NAME) {
        return;
      }
      token = tokens.next();
    }
  }

  private Object value(Token token) throws IOException {
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
      default -> throw new NiftiException("JData", token, "a value");
    };
  }

  private void count(long more) throws NiftiException {
    values = (int) Math.min(Integer.MAX_VALUE, values + more);
    if (values > MOST_VALUES) {
      throw new NiftiException("NIFTIHeader", "larger", "at most " + MOST_VALUES + " values");
    }
  }

  private String text() throws IOException {
    String text = tokens.text();
    characters += text.length();
    if (characters > MOST_CHARACTERS) {
      throw new NiftiException(
          "NIFTIHeader", "larger", "at most " + MOST_CHARACTERS + " characters of text");
    }
    return text;
  }

  /** Reads an object; an annotated array becomes the list of its elements, in file order. */
  private Object object() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    Token token = tokens.next();
    while (token == Token.NAME) {
      String name = text();
      object.put(name, value(tokens.next()));
      token = tokens.next();
    }
    return object.containsKey("_ArrayData_") ? object.get("_ArrayData_") : object;
  }

  private List<Object> array() throws IOException {
    List<Object> array = new ArrayList<>();
    Token token = tokens.next();
    while (token != Token.ARRAY_END) {
      array.add(value(token));
      token = tokens.next();
    }
    return array;
  }

  /** Flattens an array, the last axis fastest. */
  private List<Object> packed() throws IOException {
    JDataTokens.Packing packing = tokens.packing();
    count(packing.count());
    ByteStore store = new ByteStore("NIFTIHeader", (long) MOST_VALUES * Long.BYTES);
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
      numbers.add(VoxelDecoder.stored(stored, packing.type(), index));
    }
    return numbers;
  }

  /** A number, or the only element of a list; empty for anything else. */
  static OptionalDouble number(Object tree) {
    if (tree instanceof Double number) {
      return OptionalDouble.of(number);
    }
    return tree instanceof List<?> list && list.size() == 1
        ? number(list.get(0))
        : OptionalDouble.empty();
  }

  /** All numbers of a number or of nested lists of numbers, in order. */
  static double[] numbers(String field, Object tree) throws NiftiException {
    List<Double> numbers = new ArrayList<>();
    collect(field, tree, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(String field, Object tree, List<Double> numbers)
      throws NiftiException {
    if (tree instanceof Double number) {
      numbers.add(number);
    } else if (tree instanceof List<?> list) {
      for (Object element : list) {
        collect(field, element, numbers);
      }
    } else if (tree instanceof String text) {
      numbers.add(NestedNumbers.special(field, text));
    } else {
      throw new NiftiException(field, tree, "numbers");
    }
  }
}
