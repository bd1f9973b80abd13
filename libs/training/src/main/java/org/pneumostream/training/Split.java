package org.pneumostream.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Divides scans into training, validation and holdout, by a hash of the scan alone.
 *
 * <p>A scan's position in [0, 1) is h · (2 · draw + 1) / 2⁶⁴ modulo 1, where h is the first eight
 * bytes of the SHA-256 of its {@linkplain #key split key}. Positions below the validation fraction
 * validate, the topmost positions are the holdout, and the network learns from those between. So a
 * scan keeps its side in every retraining, whatever other scans come or go. Scans of one group key
 * share a side. A larger fraction moves scans out of training, never into it. The fractions are met
 * on average, not exactly; {@link Stratification} chooses the draw that comes nearest, once for a
 * model.
 *
 * @param validation share of scans to validate on, above 0; the reference's is 0.3
 * @param holdout share of scans that no run trains or decides on, at least 0; with {@code
 *     validation} below 1
 * @param draw number of the split among those with the same fractions, at least 0
 */
public record Split(double validation, double holdout, int draw) {
  private static final int DISCARDED_BITS = Long.SIZE - 53;

  public Split {
    if (!(validation > 0 && validation < 1)) {
      throw new IllegalArgumentException(
          "validation fraction: " + validation + ", expected above 0 and below 1");
    }
    if (!(holdout >= 0 && validation + holdout < 1)) {
      throw new IllegalArgumentException(
          "holdout fraction: %s, expected at least 0 and below 1 with a validation fraction of %s"
              .formatted(holdout, validation));
    }
    if (draw < 0) {
      throw new IllegalArgumentException("draw: " + draw + ", expected at least 0");
    }
  }

  /** The first draw: the position is the hash itself. */
  public Split(double validation, double holdout) {
    this(validation, holdout, 0);
  }

  public Split withDraw(int number) {
    return new Split(validation, holdout, number);
  }

  /** The key that a scan is split by: its group key if it has one, else its scan id. */
  public static String key(String scanId, @Nullable String studyKey) {
    return studyKey == null || studyKey.isBlank() ? scanId : studyKey;
  }

  /** The first eight bytes of the key's SHA-256, big-endian; the split needs no more. */
  public static long hash(String key) {
    return hash(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
  }

  static long hash(ByteBuffer bytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes);
      return ByteBuffer.wrap(sha256.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The side of a scan whose split key has this {@linkplain #hash hash}. */
  public Subset subset(long hash) {
    double place = ((hash * (2L * draw + 1)) >>> DISCARDED_BITS) * 0x1p-53;
    if (place < validation) {
      return Subset.VALIDATION;
    }
    return place < 1 - holdout ? Subset.TRAINING : Subset.HOLDOUT;
  }

  /** One phrase for a model's lineage. */
  @Override
  public String toString() {
    return "by SHA-256 of group key or scan id, draw %d: validation below %s, holdout from %s on"
        .formatted(draw, validation, 1 - holdout);
  }
}
