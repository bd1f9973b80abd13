package org.pneumostream.ingest;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns study keys into pseudonyms that cannot be reversed without the secret: HMAC-SHA-256, as 64
 * lowercase hex digits. The same key and secret always give the same pseudonym. Thread-safe.
 */
public final class StudyPseudonyms {
  private static final String ALGORITHM = "HmacSHA256";

  /** A shorter secret could be guessed. */
  static final int MIN_SECRET_LENGTH = 16;

  private final SecretKeySpec secret;

  /**
   * @throws IllegalArgumentException if the secret is shorter than 16 characters; the message does
   *     not quote it
   */
  public StudyPseudonyms(String secret) {
    if (secret.length() < MIN_SECRET_LENGTH) {
      throw new IllegalArgumentException(
          secret.length() + " characters, expected at least " + MIN_SECRET_LENGTH);
    }
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  String of(String studyKey) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return HexFormat.of().formatHex(mac.doFinal(studyKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
