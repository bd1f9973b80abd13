package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which scans are trained on and which are held out, by a hash of the scan alone.
 *
 * <p>A scan's place in [0, 1) is the first 53 bits of the SHA-256 of its {@linkplain #key split
 * key}; places below the validation fraction are held out. So a scan keeps its side in every
 * retraining, whatever other scans come or go; scans of one study share a side; and a larger
 * fraction moves scans out of training, never into it. The fraction is met on average, not exactly.
 *
 * @param validationFraction share of scans held out, over 0 and below 1; the reference's is 0.3
 */
public record Split(double validationFraction) {
  private static final int DISCARDED_BITS = Long.SIZE - 53;

  public Split {
    if (!(validationFraction > 0 && validationFraction < 1)) {
      throw new IllegalArgumentException(
          "validation fraction: " + validationFraction + ", expected over 0 and below 1");
    }
  }

  /** What a scan is split by: its study key where there is one, else its scan id. */
  public static String key(String scanId, String studyKey) {
    return studyKey == null || studyKey.isBlank() ? scanId : studyKey;
  }

  /** The first eight bytes of the key's SHA-256, big-endian: all that the split needs of it. */
  public static long hash(String key) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sha256).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The side of a scan whose split key has this {@linkplain #hash hash}. */
  public Subset subset(long hash) {
    double place = (hash >>> DISCARDED_BITS) * 0x1p-53;
    return place < validationFraction ? Subset.VALIDATION : Subset.TRAINING;
  }
}
