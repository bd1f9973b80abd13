package org.pneumostream.volume;

import java.util.Locale;

/** Which way round a scan is looked at before it is rotated and resized. */
public enum OrientationPolicy {
  /**
   * Axes are permuted and flipped to RAS+ (indices grow towards the patient's right, anterior and
   * superior) when the sform or qform says how, like nibabel's {@code as_closest_canonical};
   * untouched otherwise.
   */
  CANONICAL,
  /** Axes stay as the file stores them, which is what the reference does. */
  AS_STORED;

  /**
   * Reads the spelling of the command line and of the settings.
   *
   * @param text {@code canonical} or {@code as-stored}
   * @throws IllegalArgumentException if the text is anything else
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
