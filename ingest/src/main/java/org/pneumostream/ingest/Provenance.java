package org.pneumostream.ingest;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ScanSource;

/**
 * What the client says about a pushed scan.
 *
 * @param source the door that it came through
 * @param studyKey group key, an opaque pseudonym of the patient: 1 to 128 printable characters
 * @param finding a reader's finding
 */
public record Provenance(ScanSource source, Optional<String> studyKey, Optional<Finding> finding) {
  private static final Pattern STUDY_KEY = Pattern.compile("[\\p{Print}&&[^ ]]{1,128}");

  /**
   * @throws IllegalArgumentException if the study key is invalid
   */
  public Provenance {
    Objects.requireNonNull(source, "source");
    studyKey.ifPresent(Provenance::checkStudyKey);
    Objects.requireNonNull(finding, "finding");
  }

  /** A scan with no information but its door. */
  public static Provenance of(ScanSource source) {
    return new Provenance(source, Optional.empty(), Optional.empty());
  }

  /**
   * Parses a finding, in any case.
   *
   * @param field where the text came from, for the error message
   * @throws IllegalArgumentException if it is neither normal nor abnormal
   */
  public static Finding finding(String field, String text) {
    for (Finding finding : Finding.values()) {
      if (finding.name().equalsIgnoreCase(text)) {
        return finding;
      }
    }
    throw new IllegalArgumentException(
        field + ": '" + printable(text) + "', expected 'normal' or 'abnormal'");
  }

  /** The source in logs and metrics, such as {@code watched-folder}. */
  static String name(ScanSource source) {
    return source.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Makes text from outside printable on one line of an answer or a log. */
  static String printable(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "\uFFFD");
  }

  private static void checkStudyKey(String key) {
    if (!STUDY_KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "study: '"
              + printable(key)
              + "', expected 1 to 128 printable ASCII characters without blanks");
    }
  }
}
