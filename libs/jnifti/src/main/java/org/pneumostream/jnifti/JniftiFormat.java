package org.pneumostream.jnifti;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pneumostream.jdata.BoundedInput;
import org.pneumostream.jdata.FormatNames;
import org.pneumostream.jdata.InvalidDataException;
import org.pneumostream.jdata.JDataArray;
import org.pneumostream.jdata.JDataDocument;
import org.pneumostream.jdata.JDataNumbers;
import org.pneumostream.jdata.JDataToken;
import org.pneumostream.jdata.NumberType;

/**
 * Reads a JNIfTI document: its first {@code NIFTIData}, on any level, and the {@code NIFTIHeader}
 * of the same name beside it. Reads the document to its end.
 */
final class JniftiFormat {
  private static final String DATA = "NIFTIData";
  private static final String HEADER = "NIFTIHeader";
  private static final String EXTENSION = "NIFTIExtension";
  private static final FormatNames NAMES = new FormatNames(DATA, HEADER, "a JNIfTI document");
  private static final int BUFFER_BYTES = 64 << 10;

  private final JDataDocument document;
  private final ReadLimits limits;
  private @Nullable JDataArray data;
  private Map<?, ?> header = Map.of();
  private List<Extension> extensions = List.of();

  private JniftiFormat(JDataDocument document, ReadLimits limits) {
    this.document = document;
    this.limits = limits;
  }

  /** A scan with its voxels in memory. */
  record Scan(NiftiHeader header, VoxelSource voxels) {}

  /** Reads the stream to its end; closing the voxels' source closes it. */
  static Scan read(Format format, InputStream in, ReadLimits limits) throws IOException {
    BoundedInput bounded =
        new BoundedInput(new BufferedInputStream(in, BUFFER_BYTES), limits.maxUncompressedBytes());
    JDataDocument document =
        format == Format.JNII
            ? JDataDocument.ofText(bounded, NAMES)
            : JDataDocument.ofBinary(bounded, NAMES);
    JniftiFormat scan = new JniftiFormat(document, limits);
    JDataArray data = scan.readAll(bounded);
    NiftiHeader header = scan.header(format, data);
    return new Scan(header, new StackedVoxels(header, data.bytes(), data.columnMajor(), in));
  }

  private JDataArray readAll(BoundedInput in) throws IOException {
    JDataToken token = document.next();
    while (token != JDataToken.END) {
      readValue(token);
      in.expectEnd("the document");
      token = document.next();
    }
    if (data == null) {
      throw new InvalidDataException(DATA, "missing", "it in a JNIfTI document");
    }
    return data;
  }

  /** Recursion is bounded by the depth limit of the tokens. */
  private void readValue(JDataToken first) throws IOException {
    if (first == JDataToken.OBJECT_START) {
      readObject();
    } else if (first == JDataToken.ARRAY_START) {
      JDataToken token = document.next();
      while (token != JDataToken.ARRAY_END) {
        readValue(token);
        token = document.next();
      }
    }
  }

  private void readObject() throws IOException {
    Map<String, Map<?, ?>> headers = new HashMap<>();
    Map<String, List<Extension>> extensionsByName = new HashMap<>();
    String dataName = null;
    JDataToken token = document.next();
    while (token == JDataToken.NAME) {
      String name = document.text();
      JDataToken value = document.next();
      if (is(name, HEADER)) {
        if (document.tree(value) instanceof Map<?, ?> map) {
          headers.put(suffix(name, HEADER), map);
        }
      } else if (is(name, EXTENSION)) {
        extensionsByName.put(suffix(name, EXTENSION), JniftiExtensions.of(document.tree(value)));
      } else if (is(name, DATA) && data == null) {
        dataName = suffix(name, DATA);
        long most = Math.min(limits.maxBufferedBytes(), limits.maxUncompressedBytes());
        NumberType plain = plainType(headers.getOrDefault(dataName, Map.of()));
        data = document.array(value, plain, most);
      } else if (is(name, DATA)) {
        document.skip(value);
      } else {
        readValue(value);
      }
      token = document.next();
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
  private static NumberType plainType(Map<?, ?> header) {
    Object name = header.get("DataType");
    Optional<NumberType> named = Optional.empty();
    if (name instanceof Double code) {
      named = Datatype.ofCode(code.intValue()).flatMap(Datatype::number);
    } else if (name instanceof String text) {
      named = NumberType.named(text);
    }
    return named.orElse(NumberType.FLOAT64);
  }

  private NiftiHeader header(Format format, JDataArray data) throws InvalidDataException {
    requireRealType();
    FieldValues values = JniftiHeaderFields.of(header);
    List<Long> dims = agreedDims(data);
    double[] dim = new double[8];
    if (dims.isEmpty() || dims.size() > NiftiHeader.mostAxes()) {
      throw new InvalidDataException("dim[0]", dims.size(), "from 1 to " + NiftiHeader.mostAxes());
    }
    dim[0] = dims.size();
    for (int axis = 0; axis < dims.size(); axis++) {
      dim[axis + 1] = dims.get(axis);
    }
    values.put(HeaderField.DIM, dim);
    values.put(HeaderField.DATATYPE, Datatype.of(data.type()).code());
    values.put(HeaderField.BITPIX, 8 * data.type().bytes());
    return NiftiHeader.checked(format, data.order(), values, extensions, limits);
  }

  /** Refuses color voxels: their additional axis of bytes must not pass for a longer scan. */
  private void requireRealType() throws InvalidDataException {
    if (header.get("DataType") instanceof String type) {
      String name = type.toLowerCase(Locale.ROOT);
      if (name.startsWith("rgb") || name.startsWith("complex") || name.equals("double128")) {
        throw new InvalidDataException("DataType", type, "an integer type, single or double");
      }
    }
  }

  /**
   * The array's own dimensions, or those of {@code Dim} for a flat array; otherwise both must
   * agree.
   */
  private List<Long> agreedDims(JDataArray data) throws InvalidDataException {
    Object named = header.get("Dim");
    if (named == null) {
      return data.dims();
    }
    List<Long> dims = new ArrayList<>();
    for (double length : JDataNumbers.all("Dim", named)) {
      if (length != Math.rint(length) || length < 1 || length > limits.maxDimension()) {
        throw new InvalidDataException("Dim", length, "from 1 to " + limits.maxDimension());
      }
      dims.add((long) length);
    }
    boolean flat = data.dims().size() == 1;
    boolean agree = flat ? product(dims) == data.dims().get(0) : same(dims, data.dims());
    if (!agree) {
      throw new InvalidDataException("Dim", dims, "the array's own size, " + data.dims());
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
