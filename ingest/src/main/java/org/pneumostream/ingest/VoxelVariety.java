package org.pneumostream.ingest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Passes a file on, and checks whether all its voxels are equal. No scanner makes such a scan, and
 * a copy with its length set but no bytes yet is all zeros. For one thread.
 */
final class VoxelVariety extends FilterOutputStream {
  private final byte[] first;

  /** Voxel bytes so far; -1 before the voxels. */
  private long passed = -1;

  private boolean isVaried;

  /**
   * @param voxelBytes bytes per voxel
   */
  VoxelVariety(OutputStream out, int voxelBytes) {
    super(out);
    this.first = new byte[voxelBytes];
  }

  /** From here on all bytes are voxels. */
  void beginVoxels() {
    passed = 0;
  }

  /** Whether there was more than one voxel, and all were equal. */
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
