package org.pneumostream.jdata;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A type of numbers of fixed size, each of which a {@code double} can carry. */
public enum NumberType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  UINT64(8),
  INT64(8),
  FLOAT32(4),
  FLOAT64(8);

  /** By what JData calls them in {@code _ArrayType_}, in small letters. */
  static final Map<String, NumberType> BY_NAME =
      Map.ofEntries(
          Map.entry("uint8", UINT8),
          Map.entry("logical", UINT8),
          Map.entry("bool", UINT8),
          Map.entry("int8", INT8),
          Map.entry("uint16", UINT16),
          Map.entry("int16", INT16),
          Map.entry("uint32", UINT32),
          Map.entry("int32", INT32),
          Map.entry("uint64", UINT64),
          Map.entry("int64", INT64),
          Map.entry("single", FLOAT32),
          Map.entry("float32", FLOAT32),
          Map.entry("double", FLOAT64),
          Map.entry("float64", FLOAT64));

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one number. */
  public int bytes() {
    return bytes;
  }

  public boolean isFloatingPoint() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** JData's name of a type, in any case; empty for a name that is none or not a real number. */
  public static Optional<NumberType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The name that NumPy uses, such as {@code int16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
