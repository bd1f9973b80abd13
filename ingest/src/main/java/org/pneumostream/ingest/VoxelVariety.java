package org.pneumostream.ingest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Passes a file on, and notices whether all its voxels are the same: no scanner makes such a scan,
 * and a copy that has only been given its length is all zeros. For one thread.
 */
final class VoxelVariety extends FilterOutputStream {
  private final byte[] first;

  /** Bytes of voxels up to now; -1 until voxels begin. */
  private long passed = -1;

  private boolean isVaried;

  /**
   * @param voxelBytes bytes of a voxel
   */
  VoxelVariety(OutputStream out, int voxelBytes) {
    super(out);
    this.first = new byte[voxelBytes];
  }

  /** What comes from now on is voxels. */
  void beginVoxels() {
    passed = 0;
  }

  /** Whether there was more than one voxel, all of them with the same bytes. */
  boolean isConstant() {
    return passed > first.length && !isVaried;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    if (passed >= 0) {
      for (int i = 0; i < count && !isVaried; i++) {
        take(source[offset + i], passed + i);
      }
      passed += count;
    }
    out.write(source, offset, count);
  }

  private void take(byte next, long position) {
    int place = (int) (position % first.length);
    if (position < first.length) {
      first[place] = next;
    } else {
      isVaried = first[place] != next;
    }
  }
}
