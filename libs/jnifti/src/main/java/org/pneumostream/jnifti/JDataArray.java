package org.pneumostream.jnifti;

import java.nio.ByteOrder;
import java.util.List;

/**
 * An N-dimensional array of numbers from a JData document.
 *
 * @param dims lengths of the axes; their product is the number of elements in {@code bytes}
 * @param columnMajor whether the first axis runs fastest, instead of the last
 */
record JDataArray(
    Datatype type, List<Long> dims, boolean columnMajor, ByteOrder order, ByteStore bytes) {
  /**
   * @throws NiftiException if the number of bytes does not match type and dimensions
   */
  JDataArray requireComplete() throws NiftiException {
    long left = bytes.size() / type.bytesPerVoxel();
    boolean complete = bytes.size() % type.bytesPerVoxel() == 0;
    for (long length : dims) {
      complete &= length > 0 && left % length == 0;
      left = complete ? left / length : left;
    }
    if (!complete || left != 1) {
      throw new NiftiException("NIFTIData", bytes.size() + " bytes", dims + " of " + type);
    }
    return this;
  }
}
