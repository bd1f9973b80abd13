package org.pneumostream.volume;

import java.util.Locale;

/** How a scan is oriented before it is rotated and resized. */
public enum OrientationPolicy {
  /**
   * Permutes and flips axes to RAS+ (indices grow towards the patient's right, anterior and
   * superior), like nibabel's {@code as_closest_canonical}. Leaves axes alone if neither sform nor
   * qform gives an orientation.
   */
  CANONICAL,
  /** Axes stay as the file stores them, as in the reference. */
  AS_STORED;

  /**
   * Reads the spelling of the command line and the settings.
   *
   * @param text {@code canonical} or {@code as-stored}
   * @throws IllegalArgumentException for any other text
   */
  public static OrientationPolicy parse(String text) {
    for (OrientationPolicy policy : values()) {
      if (policy.toString().equals(text)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "orientation '%s': expected canonical or as-stored".formatted(text));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
