package org.pneumostream.jdata;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.JDataTokens.Packing;

/**
 * Reads an array: packed, as nested numbers, or annotated ({@code _ArrayType_}, {@code _ArraySize_}
 * and {@code _ArrayData_} or {@code _ArrayZipData_}), by itself or as {@code Data} among
 * properties.
 */
final class JDataArrayReader {
  private final JDataTokens tokens;
  private final FormatNames names;
  private final long most;

  // What an annotated array has said of itself so far; its keys may come in any order.
  private NumberType type;
  private @Nullable List<Long> size;
  private boolean columnMajor;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private @Nullable String zipType;
  private @Nullable ByteStore zipped;
  private @Nullable JDataArray data;

  /**
   * @param most how many bytes of the array may be held
   * @param typeIfPlain the type of nested numbers that come without one
   */
  JDataArrayReader(JDataTokens tokens, FormatNames names, long most, NumberType typeIfPlain) {
    this.tokens = tokens;
    this.names = names;
    this.most = most;
    this.type = typeIfPlain;
  }

  /** Reads the value that starts with {@code first}. */
  JDataArray read(JDataToken first) throws IOException {
    switch (first) {
      case OBJECT_START -> readAnnotated();
      case ARRAY_START, PACKED_ARRAY -> data = numbers(first);
      default -> throw new InvalidDataException(names.array(), first, "an array");
    }
    return assembled().requireComplete(names.array());
  }

  private void readAnnotated() throws IOException {
    boolean typed = false;
    JDataToken token = tokens.next();
    while (token == JDataToken.NAME) {
      String name = tokens.text();
      JDataToken value = tokens.next();
      switch (name) {
        case "_ArrayType_" -> {
          type = namedType(value);
          typed = true;
        }
        case "_ArraySize_" -> size = dims(value);
        case "_ArrayOrder_" ->
            columnMajor = text(value, name).toLowerCase(Locale.ROOT).startsWith("c");
        case "_ArrayZipEndian_" -> order = endian(text(value, name));
        case "_ArrayZipType_" -> zipType = text(value, name);
        case "_ArrayZipData_" -> zipped = bytes(value);
        case "_ArrayData_" -> data = numbers(value);
        case "_ArrayIsComplex_", "_ArrayIsSparse_" -> requireNo(name, value);
        case "_ArrayShape_" -> throw new InvalidDataException(name, "there", "a full array");
        case "Data" -> {
          JDataArray nested = new JDataArrayReader(tokens, names, most, type).read(value);
          data = nested;
          size = nested.dims();
          columnMajor = nested.columnMajor();
        }
        default -> JDataTree.skip(tokens, value);
      }
      token = tokens.next();
    }
    if (zipped != null && !typed) {
      throw new InvalidDataException("_ArrayType_", "missing", "the type of _ArrayZipData_");
    }
  }

  private JDataArray assembled() throws IOException {
    if (zipped != null) {
      if (zipType == null || size == null) {
        throw new InvalidDataException(
            zipType == null ? "_ArrayZipType_" : "_ArraySize_",
            "missing",
            "it with _ArrayZipData_");
      }
      // Both are held for a moment, and are bounded together.
      ByteStore bytes =
          ArrayCompression.decompress(names.array(), zipType, zipped, most - zipped.size());
      return new JDataArray(type, size, columnMajor, order, bytes);
    }
    if (data == null) {
      throw new InvalidDataException(
          names.array(), "without an array", "_ArrayData_ or _ArrayZipData_");
    }
    List<Long> dims = size == null ? data.dims() : size;
    boolean firstFastest = columnMajor || data.columnMajor();
    return new JDataArray(data.type(), dims, firstFastest, data.order(), data.bytes());
  }

  private NumberType namedType(JDataToken value) throws IOException {
    String name = text(value, "_ArrayType_");
    return NumberType.named(name)
        .orElseThrow(
            () ->
                new InvalidDataException(
                    "_ArrayType_", name, "one of " + NumberType.BY_NAME.keySet()));
  }

  private List<Long> dims(JDataToken value) throws IOException {
    @Nullable Object tree = new JDataTree(tokens, names.header()).read(value);
    List<Long> dims = new ArrayList<>();
    for (double length : JDataNumbers.all("_ArraySize_", tree)) {
      if (length != Math.rint(length) || length < 1 || length > Integer.MAX_VALUE) {
        throw new InvalidDataException("_ArraySize_", length, "from 1 to " + Integer.MAX_VALUE);
      }
      dims.add((long) length);
    }
    return dims;
  }

  private String text(JDataToken value, String name) throws IOException {
    if (value != JDataToken.STRING) {
      throw new InvalidDataException(name, value, "a text");
    }
    return tokens.text();
  }

  private static ByteOrder endian(String name) throws InvalidDataException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new InvalidDataException("_ArrayZipEndian_", name, "little or big");
    };
  }

  private void requireNo(String name, JDataToken value) throws IOException {
    boolean no =
        value == JDataToken.FALSE
            || value == JDataToken.NULL
            || (value == JDataToken.NUMBER && tokens.number() == 0);
    if (!no) {
      throw new InvalidDataException(name, "true", "a full array of real numbers");
    }
  }

  private ByteStore bytes(JDataToken value) throws IOException {
    if (value != JDataToken.STRING && value != JDataToken.PACKED_ARRAY) {
      throw new InvalidDataException("_ArrayZipData_", value, "bytes");
    }
    ByteStore bytes = new ByteStore("_ArrayZipData_", most);
    tokens.copyBytesTo(bytes);
    return bytes;
  }

  private JDataArray numbers(JDataToken first) throws IOException {
    if (first == JDataToken.PACKED_ARRAY) {
      Packing packing = tokens.packing();
      ByteStore bytes = new ByteStore(names.array(), most);
      tokens.copyBytesTo(bytes);
      return new JDataArray(
          packing.type(), packing.dims(), packing.columnMajor(), ByteOrder.LITTLE_ENDIAN, bytes);
    }
    if (first != JDataToken.ARRAY_START) {
      throw new InvalidDataException(names.array(), first, "an array of numbers");
    }
    return new NestedNumbers(tokens, type, names.array(), new ByteStore(names.array(), most))
        .read();
  }
}
