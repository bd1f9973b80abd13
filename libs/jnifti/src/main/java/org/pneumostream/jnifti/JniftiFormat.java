package org.pneumostream.jnifti;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pneumostream.jnifti.JDataTokens.Token;

/**
 * Reads a JNIfTI document: its first {@code NIFTIData}, on any level, and the {@code NIFTIHeader}
 * of the same name beside it. Reads the document to its end.
 */
final class JniftiFormat {
  private static final String DATA = "NIFTIData";
  private static final String HEADER = "NIFTIHeader";
  private static final String EXTENSION = "NIFTIExtension";
  private static final int BUFFER_BYTES = 64 << 10;

  private final JDataTokens tokens;
  private final JDataTree tree;
  private final ReadLimits limits;
  private JDataArray data;
  private Map<?, ?> header = Map.of();
  private List<Extension> extensions = List.of();

  private JniftiFormat(JDataTokens tokens, ReadLimits limits) {
    this.tokens = tokens;
    this.tree = new JDataTree(tokens);
    this.limits = limits;
  }

  /** A scan with its voxels in memory. */
  record Scan(NiftiHeader header, VoxelSource voxels) {}

  /** Reads the stream to its end; closing the voxels' source closes it. */
  static Scan read(Format format, InputStream in, ReadLimits limits) throws IOException {
    BoundedInput bounded =
        new BoundedInput(new BufferedInputStream(in, BUFFER_BYTES), limits.maxUncompressedBytes());
    JDataTokens tokens =
        format == Format.JNII ? new JsonTokens(bounded) : new BjdataTokens(bounded);
    JniftiFormat document = new JniftiFormat(tokens, limits);
    document.readAll(bounded);
    NiftiHeader header = document.header(format);
    JDataArray data = document.data;
    return new Scan(header, new StackedVoxels(header, data.bytes(), data.columnMajor(), in));
  }

  private void readAll(BoundedInput in) throws IOException {
    Token token = tokens.next();
    while (token != Token.END) {
      readValue(token);
      in.expectEnd("the document");
      token = tokens.next();
    }
    if (data == null) {
      throw new NiftiException(DATA, "missing", "it in a JNIfTI document");
    }
  }

  /** Recursion is bounded by the depth limit of the tokens. */
  private void readValue(Token first) throws IOException {
    if (first == Token.OBJECT_START) {
      readObject();
    } else if (first == Token.ARRAY_START) {
      Token token = tokens.next();
      while (token != Token.ARRAY_END) {
        readValue(token);
        token = tokens.next();
      }
    }
  }

  private void readObject() throws IOException {
    Map<String, Map<?, ?>> headers = new HashMap<>();
    Map<String, List<Extension>> extensionsByName = new HashMap<>();
    String dataName = null;
    Token token = tokens.next();
    while (token == Token.NAME) {
      String name = tokens.text();
      Token value = tokens.next();
      if (is(name, HEADER)) {
        if (tree.read(value) instanceof Map<?, ?> map) {
          headers.put(suffix(name, HEADER), map);
        }
      } else if (is(name, EXTENSION)) {
        extensionsByName.put(suffix(name, EXTENSION), JniftiExtensions.of(tree.read(value)));
      } else if (is(name, DATA) && data == null) {
        dataName = suffix(name, DATA);
        long most = Math.min(limits.maxBufferedBytes(), limits.maxUncompressedBytes());
        Datatype plain = plainType(headers.get(dataName));
        data = new JDataArrayReader(tokens, most).read(value, plain);
      } else if (is(name, DATA)) {
        JDataTree.skip(tokens, value);
      } else {
        readValue(value);
      }
      token = tokens.next();
    }
    if (dataName != null) {
      header = headers.getOrDefault(dataName, Map.of());
      extensions = extensionsByName.getOrDefault(dataName, List.of());
    }
  }

  /** {@code NIFTIData} and {@code NIFTIData(visit1)}, but not {@code NIFTIDataset}. */
  private static boolean is(String name, String keyword) {
    return name.startsWith(keyword)
        && (name.length() == keyword.length() || name.charAt(keyword.length()) == '(');
  }

  private static String suffix(String name, String keyword) {
    return name.substring(keyword.length());
  }

  /**
   * Numbers without a type take the header's, if it came before them; otherwise they are doubles.
   */
  private static Datatype plainType(Map<?, ?> header) {
    Object name = header == null ? null : header.get("DataType");
    if (name instanceof Double code) {
      return Datatype.ofCode(code.intValue()).filter(Datatype::isReal).orElse(Datatype.FLOAT64);
    }
    Datatype named = name instanceof String text ? JDataArrayReader.typeOf(text) : null;
    return named == null ? Datatype.FLOAT64 : named;
  }

  private NiftiHeader header(Format format) throws NiftiException {
    requireRealType();
    FieldValues values = JniftiHeaderFields.of(header);
    List<Long> dims = agreedDims();
    double[] dim = new double[8];
    if (dims.isEmpty() || dims.size() > NiftiHeader.mostAxes()) {
      throw new NiftiException("dim[0]", dims.size(), "from 1 to " + NiftiHeader.mostAxes());
    }
    dim[0] = dims.size();
    for (int axis = 0; axis < dims.size(); axis++) {
      dim[axis + 1] = dims.get(axis);
    }
    values.put(HeaderField.DIM, dim);
    values.put(HeaderField.DATATYPE, data.type().code());
    values.put(HeaderField.BITPIX, 8 * data.type().bytesPerVoxel());
    return NiftiHeader.checked(format, data.order(), values, extensions, limits);
  }

  /** Refuses color voxels: their additional axis of bytes must not pass for a longer scan. */
  private void requireRealType() throws NiftiException {
    if (header.get("DataType") instanceof String type) {
      String name = type.toLowerCase(Locale.ROOT);
      if (name.startsWith("rgb") || name.startsWith("complex") || name.equals("double128")) {
        throw new NiftiException("DataType", type, "an integer type, single or double");
      }
    }
  }

  /**
   * The array's own dimensions, or those of {@code Dim} for a flat array; otherwise both must
   * agree.
   */
  private List<Long> agreedDims() throws NiftiException {
    Object named = header.get("Dim");
    if (named == null) {
      return data.dims();
    }
    List<Long> dims = new ArrayList<>();
    for (double length : JDataTree.numbers("Dim", named)) {
      if (length != Math.rint(length) || length < 1 || length > limits.maxDimension()) {
        throw new NiftiException("Dim", length, "from 1 to " + limits.maxDimension());
      }
      dims.add((long) length);
    }
    boolean flat = data.dims().size() == 1;
    boolean agree = flat ? product(dims) == data.dims().get(0) : same(dims, data.dims());
    if (!agree) {
      throw new NiftiException("Dim", dims, "the array's own size, " + data.dims());
    }
    return dims;
  }

  /** Returns −1 if the product does not fit a long. */
  private static long product(List<Long> dims) {
    long product = 1;
    for (long length : dims) {
      product = product < 0 || product > Long.MAX_VALUE / length ? -1 : product * length;
    }
    return product;
  }

  /** Compares dimensions without trailing axes of length 1. */
  private static boolean same(List<Long> a, List<Long> b) {
    return withoutTrailingOnes(a).equals(withoutTrailingOnes(b));
  }

  private static List<Long> withoutTrailingOnes(List<Long> dims) {
    int length = dims.size();
    while (length > 0 && dims.get(length - 1) == 1) {
      length--;
    }
    return dims.subList(0, length);
  }
}
