package org.pneumostream.jnifti;

import java.nio.ByteOrder;
import java.util.List;

/**
 * An N-dimensional array of numbers out of a JData document.
 *
 * @param dims lengths of the axes; their product is the number of elements in {@code bytes}
 * @param columnMajor whether the first axis is the fastest, else the last is
 */
record JDataArray(
    Datatype type, List<Long> dims, boolean columnMajor, ByteOrder order, ByteStore bytes) {
  /**
   * @throws InvalidDataException if there are more or fewer bytes than type and dimensions say
   */
  JDataArray requireComplete() throws InvalidDataException {
    long left = bytes.size() / type.bytesPerVoxel();
    boolean complete = bytes.size() % type.bytesPerVoxel() == 0;
    for (long length : dims) {
      complete &= length > 0 && left % length == 0;
      left = complete ? left / length : left;
    }
    if (!complete || left != 1) {
      throw new InvalidDataException(
          "NIFTIData", bytes.size() + " bytes", dims + " of " + type + ", neither more nor less");
    }
    return this;
  }
}
