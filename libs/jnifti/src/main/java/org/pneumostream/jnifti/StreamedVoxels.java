package org.pneumostream.jnifti;

import java.io.IOException;
import org.pneumostream.jdata.BoundedInput;

/** Voxels in NIfTI's own order: slices are read from the stream without reordering. */
final class StreamedVoxels implements VoxelSource {
  /** A multiple of every voxel's size. */
  private static final int PIECE_BYTES = 64 << 10;

  private final BoundedInput in;
  private final long sliceBytes;
  private byte[] slice = new byte[0];

  /**
   * @param in positioned at the first voxel
   */
  StreamedVoxels(BoundedInput in, NiftiHeader header) {
    this.in = in;
    this.sliceBytes = (long) header.width() * header.height() * header.datatype().bytesPerVoxel();
  }

  @Override
  public byte[] nextSlice() throws IOException {
    if (slice.length == 0) {
      slice = in.readFully(sliceBytes, "voxels of a slice");
    } else {
      in.readFully(slice, slice.length, "voxels of a slice");
    }
    return slice;
  }

  @Override
  public void nextSlice(Pieces pieces) throws IOException {
    byte[] piece = new byte[(int) Math.min(sliceBytes, PIECE_BYTES)];
    for (long left = sliceBytes; left > 0; ) {
      int count = (int) Math.min(left, piece.length);
      in.readFully(piece, count, "voxels");
      pieces.take(piece, count);
      left -= count;
    }
  }

  @Override
  public void finish() throws IOException {
    in.drain("the last voxel");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
