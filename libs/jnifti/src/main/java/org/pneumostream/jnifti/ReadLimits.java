package org.pneumostream.jnifti;

/**
 * Limits on what a file may ask for. Nothing is allocated from a file's claim alone: buffers grow
 * as bytes arrive, up to these limits.
 *
 * @param maxUncompressedBytes the most bytes that a file may have after decompression, at least 1
 * @param maxDimension the longest axis, in voxels, from 1 to 2<sup>31</sup>−1
 * @param maxBufferedBytes the most voxel bytes held in memory at once, both as stored in the
 *     document and decoded, at least 1. Applies to JNIfTI, whose axis order does not allow reading
 *     slice by slice; for NIfTI one slice is held.
 */
public record ReadLimits(long maxUncompressedBytes, int maxDimension, long maxBufferedBytes) {
  /** 8 GiB, 4096 voxels along an axis, and a quarter of the heap. */
  public static final ReadLimits DEFAULT = new ReadLimits(8L << 30, 4096);

  public ReadLimits {
    requirePositive("maxUncompressedBytes", maxUncompressedBytes);
    requirePositive("maxDimension", maxDimension);
    requirePositive("maxBufferedBytes", maxBufferedBytes);
  }

  /** Limits that hold at most a quarter of this machine's heap in memory. */
  public ReadLimits(long maxUncompressedBytes, int maxDimension) {
    this(maxUncompressedBytes, maxDimension, Math.max(1, Runtime.getRuntime().maxMemory() / 4));
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
    }
  }
}
