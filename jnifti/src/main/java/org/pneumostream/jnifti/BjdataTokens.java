package org.pneumostream.jnifti;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Binary JData, little-endian (Draft 2 and later): the values and containers that JSON has, packed
 * arrays of numbers, and the count and type that a container may announce. Tables of records
 * (structures of arrays) are refused.
 *
 * @see <a href="https://neurojson.org/bjdata">Binary JData specification</a>
 */
final class BjdataTokens implements JDataTokens {
  private static final int NO_TYPE = 0;
  private static final long UNCOUNTED = -1;
  private static final int NOTHING = -1;

  /** An object or array that is open. */
  private static final class Container {
    final boolean object;
    final int type;
    long left;

    Container(boolean object, int type, long left) {
      this.object = object;
      this.type = type;
      this.left = left;
    }
  }

  private final BoundedInput in;
  private final Deque<Container> open = new ArrayDeque<>();
  private boolean nameRead;
  private int unread = NOTHING;

  /** Bytes of the current string or packed array that nobody has read yet. */
  private long pending;

  private Packing packing;
  private double number;
  private boolean whole;
  private long wholeBits;

  BjdataTokens(BoundedInput in) {
    this.in = in;
  }

  @Override
  public Token next() throws IOException {
    in.skipFully(pending, "binary JData string or array");
    pending = 0;
    if (open.isEmpty()) {
      int marker = markerOrEnd();
      return marker < 0 ? Token.END : value(marker);
    }
    Container container = open.peek();
    if (container.object && !nameRead) {
      return nameOrEnd(container);
    }
    nameRead = false;
    return container.object ? valueIn(container) : elementOrEnd(container);
  }

  private Token nameOrEnd(Container container) throws IOException {
    if (container.left == 0) {
      return end(Token.OBJECT_END);
    }
    int marker = marker();
    if (container.left == UNCOUNTED) {
      if (marker == '}') {
        return end(Token.OBJECT_END);
      }
    } else {
      container.left--;
    }
    pending = length(marker);
    nameRead = true;
    return Token.NAME;
  }

  private Token elementOrEnd(Container container) throws IOException {
    if (container.left == 0) {
      return end(Token.ARRAY_END);
    }
    if (container.left != UNCOUNTED) {
      container.left--;
      return valueIn(container);
    }
    int marker = marker();
    return marker == ']' ? end(Token.ARRAY_END) : value(marker);
  }

  private Token valueIn(Container container) throws IOException {
    return value(container.type == NO_TYPE ? marker() : container.type);
  }

  private Token end(Token token) {
    open.pop();
    return token;
  }

  private Token value(int marker) throws IOException {
    switch (marker) {
      case '{':
        return openObject();
      case '[':
        return openArray();
      case 'S', 'H':
        pending = length(marker());
        return Token.STRING;
      case 'C':
        pending = 1;
        return Token.STRING;
      case 'T':
        return Token.TRUE;
      case 'F':
        return Token.FALSE;
      case 'Z':
        return Token.NULL;
      default:
        readNumber(marker);
        return Token.NUMBER;
    }
  }

  private Token openObject() throws IOException {
    int marker = marker();
    int type = NO_TYPE;
    if (marker == '$') {
      type = marker();
      BjdataType.of(type);
      marker = requireMarker('#');
    }
    long count = UNCOUNTED;
    if (marker == '#') {
      count = length(marker());
    } else if (marker == '}') {
      count = 0;
    } else {
      unread = marker; // belongs to the first name
    }
    push(new Container(true, type, count));
    return Token.OBJECT_START;
  }

  private Token openArray() throws IOException {
    int marker = marker();
    if (marker == '$') {
      Datatype type = BjdataType.of(marker());
      requireMarker('#');
      packing = packing(type);
      pending = packing.count() * type.bytesPerVoxel();
      return Token.PACKED_ARRAY;
    }
    long count = UNCOUNTED;
    if (marker == '#') {
      count = length(marker());
    } else if (marker == ']') {
      count = 0;
    } else {
      unread = marker; // belongs to the first element
    }
    push(new Container(false, NO_TYPE, count));
    return Token.ARRAY_START;
  }

  private void push(Container container) throws NiftiException {
    if (open.size() == MOST_DEPTH) {
      throw new NiftiException("binary JData", "deeper", "at most " + MOST_DEPTH + " levels");
    }
    open.push(container);
  }

  private Packing packing(Datatype type) throws IOException {
    int marker = marker();
    if (marker != '[') {
      return checked(new Packing(type, List.of(length(marker)), false));
    }
    int first = marker();
    boolean columnMajor = first == '[';
    List<Long> dims = dims(columnMajor ? marker() : first);
    if (columnMajor) {
      requireMarker(']');
    }
    return checked(new Packing(type, dims, columnMajor));
  }

  /** The elements of an array of lengths, after its opening bracket. */
  private List<Long> dims(int first) throws IOException {
    List<Long> dims = new ArrayList<>();
    int marker = first;
    if (marker == '$' || marker == '#') {
      int type = NO_TYPE;
      if (marker == '$') {
        type = marker();
        requireMarker('#');
      }
      long count = length(marker());
      requireFewDims(count);
      for (long i = 0; i < count; i++) {
        dims.add(length(type == NO_TYPE ? marker() : type));
      }
      return dims;
    }
    while (marker != ']') {
      dims.add(length(marker));
      requireFewDims(dims.size());
      marker = marker();
    }
    return dims;
  }

  private static void requireFewDims(long count) throws NiftiException {
    if (count > MOST_DEPTH) {
      throw new NiftiException("binary JData dimensions", count, "at most " + MOST_DEPTH);
    }
  }

  /** Makes sure that the array's size in bytes is a number that a long can hold. */
  private static Packing checked(Packing packing) throws NiftiException {
    long bytes = packing.type().bytesPerVoxel();
    for (long length : packing.dims()) {
      if (length > 0 && bytes > Long.MAX_VALUE / length) {
        throw new NiftiException("binary JData dimensions", packing.dims(), "a smaller array");
      }
      bytes *= length;
    }
    return packing;
  }

  private long length(int type) throws IOException {
    readNumber(type);
    if (!whole || wholeBits < 0) {
      throw new NiftiException("binary JData length", number, "a whole number of at least 0");
    }
    return wholeBits;
  }

  private void readNumber(int marker) throws IOException {
    Datatype type = BjdataType.of(marker);
    byte[] bytes = new byte[type.bytesPerVoxel()];
    in.readFully(bytes, bytes.length, "binary JData number");
    ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    number = VoxelDecoder.stored(value, type, 0);
    whole = !type.isFloatingPoint();
    wholeBits =
        switch (type) {
          case UINT64, INT64 -> value.getLong(0);
          default -> (long) number;
        };
  }

  private int requireMarker(int expected) throws IOException {
    int marker = marker();
    if (marker != expected) {
      throw BjdataType.unexpected(marker, "'" + (char) expected + "'");
    }
    return marker;
  }

  private int marker() throws IOException {
    int marker = markerOrEnd();
    if (marker < 0) {
      throw new NiftiException("binary JData", "cut off", "its closing brackets");
    }
    return marker;
  }

  /** No-ops stand for nothing. */
  private int markerOrEnd() throws IOException {
    int marker = unread;
    unread = NOTHING;
    while (marker == NOTHING || marker == 'N') {
      marker = in.read();
      if (marker < 0) {
        return marker;
      }
    }
    return marker;
  }

  @Override
  public String text() throws IOException {
    if (pending > MOST_TEXT_BYTES) {
      throw new NiftiException(
          "binary JData text", pending + " bytes", "at most " + MOST_TEXT_BYTES);
    }
    byte[] bytes = in.readFully(pending, "binary JData text");
    pending = 0;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public double number() {
    return number;
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public long wholeBits() {
    return wholeBits;
  }

  @Override
  public Packing packing() {
    return packing;
  }

  @Override
  public void copyBytesTo(ByteStore target) throws IOException {
    byte[] buffer = new byte[(int) Math.min(pending, 64 << 10)];
    while (pending > 0) {
      int count = (int) Math.min(buffer.length, pending);
      in.readFully(buffer, count, "binary JData string or array");
      target.write(buffer, 0, count);
      pending -= count;
    }
  }
}
