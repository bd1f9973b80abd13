package org.pneumostream.jnifti;

import java.util.Arrays;
import java.util.Optional;
import org.pneumostream.jdata.NumberType;

/** How a voxel is stored: the {@code datatype} codes of NIfTI-1 and NIfTI-2. */
public enum Datatype {
  UINT8(2, NumberType.UINT8),
  INT16(4, NumberType.INT16),
  INT32(8, NumberType.INT32),
  FLOAT32(16, NumberType.FLOAT32),
  COMPLEX64(32, 8, "complex64"),
  FLOAT64(64, NumberType.FLOAT64),
  RGB24(128, 3, "RGB24"),
  INT8(256, NumberType.INT8),
  UINT16(512, NumberType.UINT16),
  UINT32(768, NumberType.UINT32),
  INT64(1024, NumberType.INT64),
  UINT64(1280, NumberType.UINT64),
  FLOAT128(1536, 16, "float128"),
  COMPLEX128(1792, 16, "complex128"),
  COMPLEX256(2048, 32, "complex256"),
  RGBA32(2304, 4, "RGBA32");

  private final int code;
  private final int bytesPerVoxel;
  private final String typeName;
  private final Optional<NumberType> number;

  Datatype(int code, NumberType number) {
    this.code = code;
    this.bytesPerVoxel = number.bytes();
    this.typeName = number.toString();
    this.number = Optional.of(number);
  }

  Datatype(int code, int bytesPerVoxel, String typeName) {
    this.code = code;
    this.bytesPerVoxel = bytesPerVoxel;
    this.typeName = typeName;
    this.number = Optional.empty();
  }

  /** The code in the header's {@code datatype} field. */
  public int code() {
    return code;
  }

  public int bytesPerVoxel() {
    return bytesPerVoxel;
  }

  /** The name that NumPy and nibabel use, such as {@code int16}. */
  public String typeName() {
    return typeName;
  }

  /** Whether a voxel is one number that fits a {@code double}. Only these types are read. */
  public boolean isReal() {
    return number.isPresent();
  }

  /** The type of the one number that a voxel is, empty where it is none or too long to read. */
  Optional<NumberType> number() {
    return number;
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT128 -> true;
      default -> false;
    };
  }

  static Datatype of(NumberType number) {
    return Arrays.stream(values())
        .filter(type -> type.number.equals(Optional.of(number)))
        .findFirst()
        .orElseThrow();
  }

  /** The datatype with a code; empty if neither specification names the code. */
  public static Optional<Datatype> ofCode(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  @Override
  public String toString() {
    return typeName;
  }
}
