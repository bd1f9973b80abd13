package org.pneumostream.jdata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Binary JData, little-endian (Draft 2 and later): JSON's values and containers, packed arrays of
 * numbers, and containers that announce their count and type. Tables of records (structures of
 * arrays) are refused.
 *
 * @see <a href="https://neurojson.org/bjdata">Binary JData specification</a>
 */
final class BjdataTokens implements JDataTokens {
  private static final int NO_TYPE = 0;
  private static final long UNCOUNTED = -1;

  /** An open object or array. */
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
  private final BjdataMarkers markers;
  private final Deque<Container> open = new ArrayDeque<>();
  private boolean nameRead;

  /** Unread bytes of the current string or packed array. */
  private long pending;

  private @Nullable Packing packing;

  BjdataTokens(BoundedInput in) {
    this.in = in;
    this.markers = new BjdataMarkers(in);
  }

  @Override
  public JDataToken next() throws IOException {
    in.skipFully(pending, "binary JData string or array");
    pending = 0;
    if (open.isEmpty()) {
      int marker = markers.nextOrEnd();
      return marker < 0 ? JDataToken.END : value(marker);
    }
    Container container = open.peek();
    if (container.object && !nameRead) {
      return nameOrEnd(container);
    }
    nameRead = false;
    return container.object ? valueIn(container) : elementOrEnd(container);
  }

  private JDataToken nameOrEnd(Container container) throws IOException {
    if (container.left == 0) {
      return end(JDataToken.OBJECT_END);
    }
    int marker = markers.next();
    if (container.left == UNCOUNTED) {
      if (marker == '}') {
        return end(JDataToken.OBJECT_END);
      }
    } else {
      container.left--;
    }
    pending = markers.length(marker);
    nameRead = true;
    return JDataToken.NAME;
  }

  private JDataToken elementOrEnd(Container container) throws IOException {
    if (container.left == 0) {
      return end(JDataToken.ARRAY_END);
    }
    if (container.left != UNCOUNTED) {
      container.left--;
      return valueIn(container);
    }
    int marker = markers.next();
    return marker == ']' ? end(JDataToken.ARRAY_END) : value(marker);
  }

  private JDataToken valueIn(Container container) throws IOException {
    return value(container.type == NO_TYPE ? markers.next() : container.type);
  }

  private JDataToken end(JDataToken token) {
    open.pop();
    return token;
  }

  private JDataToken value(int marker) throws IOException {
    switch (marker) {
      case '{':
        return openObject();
      case '[':
        return openArray();
      case 'S', 'H':
        pending = markers.length(markers.next());
        return JDataToken.STRING;
      case 'C':
        pending = 1;
        return JDataToken.STRING;
      case 'T':
        return JDataToken.TRUE;
      case 'F':
        return JDataToken.FALSE;
      case 'Z':
        return JDataToken.NULL;
      default:
        markers.readNumber(marker);
        return JDataToken.NUMBER;
    }
  }

  private JDataToken openObject() throws IOException {
    int marker = markers.next();
    int type = NO_TYPE;
    if (marker == '$') {
      type = markers.next();
      BjdataType.of(type);
      marker = markers.require('#');
    }
    long count = UNCOUNTED;
    if (marker == '#') {
      count = markers.length(markers.next());
    } else if (marker == '}') {
      count = 0;
    } else {
      markers.unread(marker); // belongs to the first name
    }
    push(new Container(true, type, count));
    return JDataToken.OBJECT_START;
  }

  private JDataToken openArray() throws IOException {
    int marker = markers.next();
    if (marker == '$') {
      NumberType type = BjdataType.of(markers.next());
      markers.require('#');
      packing = packing(type);
      pending = packing.count() * type.bytes();
      return JDataToken.PACKED_ARRAY;
    }
    long count = UNCOUNTED;
    if (marker == '#') {
      count = markers.length(markers.next());
    } else if (marker == ']') {
      count = 0;
    } else {
      markers.unread(marker); // belongs to the first element
    }
    push(new Container(false, NO_TYPE, count));
    return JDataToken.ARRAY_START;
  }

  private void push(Container container) throws InvalidDataException {
    if (open.size() == MOST_DEPTH) {
      throw new InvalidDataException("binary JData", "deeper", "at most " + MOST_DEPTH + " levels");
    }
    open.push(container);
  }

  private Packing packing(NumberType type) throws IOException {
    int marker = markers.next();
    if (marker != '[') {
      return checked(new Packing(type, List.of(markers.length(marker)), false));
    }
    int first = markers.next();
    boolean columnMajor = first == '[';
    List<Long> dims = dims(columnMajor ? markers.next() : first);
    if (columnMajor) {
      markers.require(']');
    }
    return checked(new Packing(type, dims, columnMajor));
  }

  /** Reads the elements of an array of lengths, after its opening bracket. */
  private List<Long> dims(int first) throws IOException {
    List<Long> dims = new ArrayList<>();
    int marker = first;
    if (marker == '$' || marker == '#') {
      int type = NO_TYPE;
      if (marker == '$') {
        type = markers.next();
        markers.require('#');
      }
      long count = markers.length(markers.next());
      requireFewDims(count);
      for (long i = 0; i < count; i++) {
        dims.add(markers.length(type == NO_TYPE ? markers.next() : type));
      }
      return dims;
    }
    while (marker != ']') {
      dims.add(markers.length(marker));
      requireFewDims(dims.size());
      marker = markers.next();
    }
    return dims;
  }

  private static void requireFewDims(long count) throws InvalidDataException {
    if (count > MOST_DEPTH) {
      throw new InvalidDataException("binary JData dimensions", count, "at most " + MOST_DEPTH);
    }
  }

  /** Refuses an array whose size in bytes does not fit a long. */
  private static Packing checked(Packing packing) throws InvalidDataException {
    long bytes = packing.type().bytes();
    for (long length : packing.dims()) {
      if (length > 0 && bytes > Long.MAX_VALUE / length) {
        throw new InvalidDataException(
            "binary JData dimensions", packing.dims(), "a smaller array");
      }
      bytes *= length;
    }
    return packing;
  }

  @Override
  public String text() throws IOException {
    if (pending > MOST_TEXT_BYTES) {
      throw new InvalidDataException(
          "binary JData text", pending + " bytes", "at most " + MOST_TEXT_BYTES);
    }
    byte[] bytes = in.readFully(pending, "binary JData text");
    pending = 0;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public double number() {
    return markers.number();
  }

  @Override
  public boolean isWhole() {
    return markers.isWhole();
  }

  @Override
  public long wholeBits() {
    return markers.wholeBits();
  }

  @Override
  public Packing packing() {
    return Objects.requireNonNull(packing, "no packed array was read yet");
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
