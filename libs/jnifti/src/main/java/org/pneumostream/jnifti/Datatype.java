package org.pneumostream.jnifti;

import java.util.Arrays;
import java.util.Optional;

/** How a voxel is stored: the {@code datatype} codes of NIfTI-1 and NIfTI-2. */
public enum Datatype {
  UINT8(2, 1, "uint8"),
  INT16(4, 2, "int16"),
  INT32(8, 4, "int32"),
  FLOAT32(16, 4, "float32"),
  COMPLEX64(32, 8, "complex64"),
  FLOAT64(64, 8, "float64"),
  RGB24(128, 3, "RGB24"),
  INT8(256, 1, "int8"),
  UINT16(512, 2, "uint16"),
  UINT32(768, 4, "uint32"),
  INT64(1024, 8, "int64"),
  UINT64(1280, 8, "uint64"),
  FLOAT128(1536, 16, "float128"),
  COMPLEX128(1792, 16, "complex128"),
  COMPLEX256(2048, 32, "complex256"),
  RGBA32(2304, 4, "RGBA32");

  private final int code;
  private final int bytesPerVoxel;
  private final String typeName;

  Datatype(int code, int bytesPerVoxel, String typeName) {
    this.code = code;
    this.bytesPerVoxel = bytesPerVoxel;
    this.typeName = typeName;
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
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }

  public boolean isFloatingPoint() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT128 -> true;
      default -> false;
    };
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
