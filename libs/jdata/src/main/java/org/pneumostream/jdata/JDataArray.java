package org.pneumostream.jdata;

import java.nio.ByteOrder;
import java.util.List;

/**
 * An N-dimensional array of numbers out of a JData document.
 *
 * @param dims lengths of the axes; their product is the number of elements in {@code bytes}
 * @param columnMajor whether the first axis is the fastest, else the last is
 */
public record JDataArray(
    NumberType type, List<Long> dims, boolean columnMajor, ByteOrder order, ByteStore bytes) {
  /**
   * @param field that holds the array
   * @throws InvalidDataException if there are more or fewer bytes than type and dimensions say
   */
  JDataArray requireComplete(String field) throws InvalidDataException {
    long left = bytes.size() / type.bytes();
    boolean complete = bytes.size() % type.bytes() == 0;
    for (long length : dims) {
      complete &= length > 0 && left % length == 0;
      left = complete ? left / length : left;
    }
    if (!complete || left != 1) {
      throw new InvalidDataException(
          field, bytes.size() + " bytes", dims + " of " + type + ", neither more nor less");
    }
    return this;
  }
}
