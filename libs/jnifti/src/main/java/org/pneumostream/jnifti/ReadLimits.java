package org.pneumostream.jnifti;

/**
 * How much a file may ask for before it is refused. Nothing is allocated on a file's word alone:
 * buffers grow as bytes arrive, and these bounds stop them.
 *
 * @param maxUncompressedBytes the most bytes that a file may have after decompression, at least 1
 * @param maxDimension the longest axis, in voxels, from 1 to 2<sup>31</sup>−1
 * @param maxBufferedBytes the most voxel bytes held in memory at once, at least 1, as they lie in
 *     the document and as they are. Concerns JNIfTI, whose arrays run the wrong way round for
 *     reading slice by slice; NIfTI holds one slice.
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
