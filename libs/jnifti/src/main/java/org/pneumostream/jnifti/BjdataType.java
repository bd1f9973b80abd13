package org.pneumostream.jnifti;

import java.util.Map;

/** The markers of Binary JData's fixed-size numbers. */
final class BjdataType {
  private static final Map<Character, Datatype> TYPES =
      Map.ofEntries(
          Map.entry('U', Datatype.UINT8),
          Map.entry('B', Datatype.UINT8),
          Map.entry('C', Datatype.UINT8),
          Map.entry('i', Datatype.INT8),
          Map.entry('u', Datatype.UINT16),
          Map.entry('I', Datatype.INT16),
          Map.entry('m', Datatype.UINT32),
          Map.entry('l', Datatype.INT32),
          Map.entry('M', Datatype.UINT64),
          Map.entry('L', Datatype.INT64),
          Map.entry('d', Datatype.FLOAT32),
          Map.entry('D', Datatype.FLOAT64));

  private BjdataType() {}

  /**
   * @throws NiftiException for any other marker, including half precision and containers
   */
  static Datatype of(int marker) throws NiftiException {
    Datatype type = TYPES.get((char) marker);
    if (type == null) {
      throw unexpected(marker, "one of U B C i u I m l M L d D");
    }
    return type;
  }

  static NiftiException unexpected(int marker, String expected) {
    return new NiftiException(
        "binary JData marker", "'" + (char) marker + "' (" + marker + ")", expected);
  }
}
