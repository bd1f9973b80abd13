package org.pneumostream.trainer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which scans are trained on, which validate and which are held out for good, by a hash of the scan
 * alone.
 *
 * <p>A scan's place in [0, 1) is the first 53 bits of the SHA-256 of its {@linkplain #key split
 * key}. Places below the validation fraction validate, the topmost places are the holdout, and the
 * network learns from those between. So a scan keeps its side in every retraining, whatever other
 * scans come or go; scans of one study share a side; and a larger fraction moves scans out of
 * training, never into it. The fractions are met on average, not exactly.
 *
 * @param validation share of scans to validate on, over 0; the reference's is 0.3
 * @param holdout share of scans that no run trains or decides on, at least 0; with {@code
 *     validation} below 1
 */
public record Split(double validation, double holdout) {
  private static final int DISCARDED_BITS = Long.SIZE - 53;

  public Split {
    if (!(validation > 0 && validation < 1)) {
      throw new IllegalArgumentException(
          "validation fraction: " + validation + ", expected over 0 and below 1");
    }
    if (!(holdout >= 0 && validation + holdout < 1)) {
      throw new IllegalArgumentException(
          "holdout fraction: %s, expected at least 0 and below 1 with a validation fraction of %s"
              .formatted(holdout, validation));
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
    if (place < validation) {
      return Subset.VALIDATION;
    }
    return place < 1 - holdout ? Subset.TRAINING : Subset.HOLDOUT;
  }

  /** One phrase for a model's lineage. */
  @Override
  public String toString() {
    return "by SHA-256 of study key or scan id: validation below %s, holdout from %s on"
        .formatted(validation, 1 - holdout);
  }
}
