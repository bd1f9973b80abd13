package org.pneumostream.jnifti;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pneumostream.jdata.ByteStore;

/**
 * Voxels in memory, in either axis order. In JData's own order the last axis runs fastest, so a
 * slice along it is gathered from the whole array.
 */
final class StackedVoxels implements VoxelSource {
  private final ByteStore bytes;
  private final int voxelBytes;
  private final int width;
  private final int height;
  private final List<Integer> outerDims;

  /** Distance in bytes between neighbours along each axis; further axes in a list. */
  private final long columnStride;

  private final long rowStride;
  private final List<Long> outerStrides = new ArrayList<>();

  private final Closeable document;
  private final byte[] slice;
  private long next;

  /**
   * @param document source of the bytes; closed with this
   */
  StackedVoxels(NiftiHeader header, ByteStore bytes, boolean columnMajor, Closeable document) {
    this.document = document;
    this.bytes = bytes;
    this.voxelBytes = header.datatype().bytesPerVoxel();
    this.width = header.width();
    this.height = header.height();
    List<Integer> dims = new ArrayList<>(header.dims());
    while (dims.size() < 2) {
      dims.add(1);
    }
    this.outerDims = List.copyOf(dims.subList(2, dims.size()));
    long[] strides = strides(dims, columnMajor);
    this.columnStride = strides[0];
    this.rowStride = strides[1];
    for (int axis = 2; axis < strides.length; axis++) {
      outerStrides.add(strides[axis]);
    }
    this.slice = new byte[width * height * voxelBytes];
  }

  private long[] strides(List<Integer> dims, boolean columnMajor) {
    long[] strides = new long[dims.size()];
    long stride = voxelBytes;
    for (int step = 0; step < strides.length; step++) {
      int axis = columnMajor ? step : strides.length - 1 - step;
      strides[axis] = stride;
      stride *= dims.get(axis);
    }
    return strides;
  }

  @Override
  public byte[] nextSlice() {
    long start = sliceStart(next++);
    if (columnStride == voxelBytes) {
      bytes.copyTo(start, slice, slice.length);
      return slice;
    }
    int target = 0;
    for (int j = 0; j < height; j++) {
      long position = start + j * rowStride;
      for (int i = 0; i < width; i++) {
        System.arraycopy(
            bytes.chunk(position), ByteStore.within(position), slice, target, voxelBytes);
        position += columnStride;
        target += voxelBytes;
      }
    }
    return slice;
  }

  @Override
  public void nextSlice(Pieces pieces) throws IOException {
    pieces.take(nextSlice(), slice.length);
  }

  private long sliceStart(long index) {
    long left = index;
    long start = 0;
    for (int axis = 0; axis < outerDims.size(); axis++) {
      start += left % outerDims.get(axis) * outerStrides.get(axis);
      left /= outerDims.get(axis);
    }
    return start;
  }

  /** The document was read to its end before the first slice. */
  @Override
  public void finish() {}

  @Override
  public void close() throws IOException {
    document.close();
  }
}
