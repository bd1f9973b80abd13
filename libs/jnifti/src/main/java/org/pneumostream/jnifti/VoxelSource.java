package org.pneumostream.jnifti;

import java.io.Closeable;
import java.io.IOException;
import org.pneumostream.jdata.InvalidDataException;

/** Supplies the stored bytes slice by slice. */
interface VoxelSource extends Closeable {
  /**
   * The next slice's bytes, first axis fastest; the array is reused and may be longer than a slice.
   *
   * @throws InvalidDataException if the slice is incomplete
   */
  byte[] nextSlice() throws IOException;

  /**
   * Passes on the next slice's bytes piece by piece, so that no whole slice is in memory.
   *
   * @throws InvalidDataException if the slice is incomplete
   */
  void nextSlice(Pieces pieces) throws IOException;

  /** Takes the first {@code count} bytes of an array: whole voxels, in order. */
  @FunctionalInterface
  interface Pieces {
    void take(byte[] bytes, int count) throws IOException;
  }

  /** Checks that the data after the last slice is intact. */
  void finish() throws IOException;
}
