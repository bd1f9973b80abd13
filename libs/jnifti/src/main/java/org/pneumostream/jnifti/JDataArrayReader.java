package org.pneumostream.jnifti;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pneumostream.jnifti.JDataTokens.Packing;
import org.pneumostream.jnifti.JDataTokens.Token;

/**
 * Reads the array in {@code NIFTIData}: packed, as nested numbers, or annotated ({@code
 * _ArrayType_}, {@code _ArraySize_} and {@code _ArrayData_} or {@code _ArrayZipData_}), by itself
 * or as {@code Data} among properties.
 */
final class JDataArrayReader {
  private static final Map<String, Datatype> TYPES =
      Map.ofEntries(
          Map.entry("uint8", Datatype.UINT8),
          Map.entry("logical", Datatype.UINT8),
          Map.entry("bool", Datatype.UINT8),
          Map.entry("int8", Datatype.INT8),
          Map.entry("uint16", Datatype.UINT16),
          Map.entry("int16", Datatype.INT16),
          Map.entry("uint32", Datatype.UINT32),
          Map.entry("int32", Datatype.INT32),
          Map.entry("uint64", Datatype.UINT64),
          Map.entry("int64", Datatype.INT64),
          Map.entry("single", Datatype.FLOAT32),
          Map.entry("float32", Datatype.FLOAT32),
          Map.entry("double", Datatype.FLOAT64),
          Map.entry("float64", Datatype.FLOAT64));

  private final JDataTokens tokens;
  private final long most;

  // Properties of an annotated array read so far; its keys may come in any order.
  private Datatype type;
  private List<Long> size;
  private boolean columnMajor;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private String zipType;
  private ByteStore zipped;
  private JDataArray data;

  /**
   * @param most limit on the voxels' size in bytes
   */
  JDataArrayReader(JDataTokens tokens, long most) {
    this.tokens = tokens;
    this.most = most;
  }

  /** The type that JNIfTI or JData calls by a name; null if unknown or not real. */
  static Datatype typeOf(String name) {
    return TYPES.get(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Reads the value that starts with {@code first}.
   *
   * @param typeIfPlain type of nested numbers, which carry none
   */
  JDataArray read(Token first, Datatype typeIfPlain) throws IOException {
    type = typeIfPlain;
    switch (first) {
      case OBJECT_START -> readAnnotated();
      case ARRAY_START, PACKED_ARRAY -> data = numbers(first);
      default -> throw new NiftiException("NIFTIData", first, "an array");
    }
    return assembled().requireComplete();
  }

  private void readAnnotated() throws IOException {
    boolean typed = false;
    Token token = tokens.next();
    while (token == Token.NAME) {
      String name = tokens.text();
      Token value = tokens.next();
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
        case "_ArrayShape_" -> throw new NiftiException(name, "there", "a full array");
        case "Data" -> {
          JDataArray nested = new JDataArrayReader(tokens, most).read(value, type);
          data = nested;
          size = nested.dims();
          columnMajor = nested.columnMajor();
        }
        default -> JDataTree.skip(tokens, value);
      }
      token = tokens.next();
    }
    if (zipped != null && !typed) {
      throw new NiftiException("_ArrayType_", "missing", "the type of _ArrayZipData_");
    }
  }

  private JDataArray assembled() throws IOException {
    if (zipped != null) {
      if (zipType == null || size == null) {
        throw new NiftiException(
            zipType == null ? "_ArrayZipType_" : "_ArraySize_",
            "missing",
            "it with _ArrayZipData_");
      }
      // Both are in memory for a moment, so the limit applies to their sum.
      ByteStore bytes = ArrayCompression.decompress(zipType, zipped, most - zipped.size());
      return new JDataArray(type, size, columnMajor, order, bytes);
    }
    if (data == null) {
      throw new NiftiException("NIFTIData", "without an array", "_ArrayData_ or _ArrayZipData_");
    }
    List<Long> dims = size == null ? data.dims() : size;
    boolean firstFastest = columnMajor || data.columnMajor();
    return new JDataArray(data.type(), dims, firstFastest, data.order(), data.bytes());
  }

  private Datatype namedType(Token value) throws IOException {
    String name = text(value, "_ArrayType_");
    Datatype named = typeOf(name);
    if (named == null) {
      throw new NiftiException("_ArrayType_", name, "one of " + TYPES.keySet());
    }
    return named;
  }

  private List<Long> dims(Token value) throws IOException {
    List<Long> dims = new ArrayList<>();
    for (double length : JDataTree.numbers("_ArraySize_", new JDataTree(tokens).read(value))) {
      if (length != Math.rint(length) || length < 1 || length > Integer.MAX_VALUE) {
        throw new NiftiException("_ArraySize_", length, "from 1 to " + Integer.MAX_VALUE);
      }
      dims.add((long) length);
    }
    return dims;
  }

  private String text(Token value, String name) throws IOException {
    if (value != Token.STRING) {
      throw new NiftiException(name, value, "a text");
    }
    return tokens.text();
  }

  private static ByteOrder endian(String name) throws NiftiException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new NiftiException("_ArrayZipEndian_", name, "little or big");
    };
  }

  private void requireNo(String name, Token value) throws IOException {
    boolean no =
        value == Token.FALSE
            || value == Token.NULL
            || (value == Token.NUMBER && tokens.number() == 0);
    if (!no) {
      throw new NiftiException(name, "true", "a full array of real numbers");
    }
  }

  private ByteStore bytes(Token value) throws IOException {
    if (value != Token.STRING && value != Token.PACKED_ARRAY) {
      throw new NiftiException("_ArrayZipData_", value, "bytes");
    }
    ByteStore bytes = new ByteStore("_ArrayZipData_", most);
    tokens.copyBytesTo(bytes);
    return bytes;
  }

  private JDataArray numbers(Token first) throws IOException {
    if (first == Token.PACKED_ARRAY) {
      Packing packing = tokens.packing();
      ByteStore bytes = new ByteStore("NIFTIData", most);
      tokens.copyBytesTo(bytes);
      return new JDataArray(
          packing.type(), packing.dims(), packing.columnMajor(), ByteOrder.LITTLE_ENDIAN, bytes);
    }
    if (first != Token.ARRAY_START) {
      throw new NiftiException("NIFTIData", first, "an array of numbers");
    }
    return new NestedNumbers(tokens, type, new ByteStore("NIFTIData", most)).read();
  }
}
