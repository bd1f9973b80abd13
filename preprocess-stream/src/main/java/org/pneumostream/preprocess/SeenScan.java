package org.pneumostream.preprocess;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pneumostream.schemas.RecordPlace;

/**
 * State of one scan: the place of the scan behind the latest volume, and of the latest scan that
 * failed since.
 *
 * @param preprocessing how the volume was made; empty if there is none
 * @param done place of the scan that it was made from
 * @param failed place of a later scan that failed
 */
record SeenScan(String preprocessing, Optional<RecordPlace> done, Optional<RecordPlace> failed) {
  static final SeenScan NEVER = new SeenScan("", Optional.empty(), Optional.empty());

  static SeenScan done(String preprocessing, RecordPlace place) {
    return new SeenScan(preprocessing, Optional.of(place), Optional.empty());
  }

  SeenScan failedAt(RecordPlace place) {
    return new SeenScan(preprocessing, done, Optional.of(place));
  }

  /** The next record retries dead letters about the scans at these places. */
  List<RecordPlace> places() {
    return Stream.of(failed, done).flatMap(Optional::stream).toList();
  }

  /** Parses the text of {@link #toString}; null for any other text. */
  static SeenScan parse(String text) {
    if (text == null) {
      return NEVER;
    }
    String[] parts = text.split("\\|", -1);
    return new SeenScan(parts[0], RecordPlace.parse(parts[1]), RecordPlace.parse(parts[2]));
  }

  @Override
  public String toString() {
    return Stream.of(done, failed)
        .map(place -> place.map(RecordPlace::toString).orElse(""))
        .reduce(preprocessing, (text, place) -> text + "|" + place);
  }
}
