package org.pneumostream.jnifti;

import java.io.Closeable;
import java.io.IOException;
import org.pneumostream.jdata.InvalidDataException;

/** Gives the stored bytes of one slice after the other. */
interface VoxelSource extends Closeable {
  /**
   * The next slice's bytes, first axis fastest; the array is reused and may be longer than a slice.
   *
   * @throws InvalidDataException if the slice is not there in full
   */
  byte[] nextSlice() throws IOException;

  /**
   * Gives the next slice's bytes piece by piece instead, so that no slice need be held.
   *
   * @throws InvalidDataException if the slice is not there in full
   */
  void nextSlice(Pieces pieces) throws IOException;

  /** Takes the first {@code count} bytes of an array: whole voxels, in their order. */
  @FunctionalInterface
  interface Pieces {
    void take(byte[] bytes, int count) throws IOException;
  }

  /** Makes sure that what comes after the last slice is whole. */
  void finish() throws IOException;
}
