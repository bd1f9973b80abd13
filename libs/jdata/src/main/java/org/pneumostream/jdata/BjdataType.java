package org.pneumostream.jdata;

import java.util.Map;

/** The markers of Binary JData's numbers of fixed size. */
final class BjdataType {
  private static final Map<Character, NumberType> TYPES =
      Map.ofEntries(
          Map.entry('U', NumberType.UINT8),
          Map.entry('B', NumberType.UINT8),
          Map.entry('C', NumberType.UINT8),
          Map.entry('i', NumberType.INT8),
          Map.entry('u', NumberType.UINT16),
          Map.entry('I', NumberType.INT16),
          Map.entry('m', NumberType.UINT32),
          Map.entry('l', NumberType.INT32),
          Map.entry('M', NumberType.UINT64),
          Map.entry('L', NumberType.INT64),
          Map.entry('d', NumberType.FLOAT32),
          Map.entry('D', NumberType.FLOAT64));

  private BjdataType() {}

  /**
   * @throws InvalidDataException for any other marker, half precision and containers among them
   */
  static NumberType of(int marker) throws InvalidDataException {
    NumberType type = TYPES.get((char) marker);
    if (type == null) {
      throw unexpected(marker, "one of U B C i u I m l M L d D");
    }
    return type;
  }

  static InvalidDataException unexpected(int marker, String expected) {
    return new InvalidDataException(
        "binary JData marker", "'" + (char) marker + "' (" + marker + ")", expected);
  }
}
