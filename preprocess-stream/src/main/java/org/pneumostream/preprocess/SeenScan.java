package org.pneumostream.preprocess;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pneumostream.schemas.RecordPlace;

/**
 * What is remembered of the records of one scan: where the scan lies that the latest volume was
 * made of, and where the latest one lies that failed since.
 *
 * @param preprocessing how the volume was made; empty where there is none
 * @param done place of the scan that it was made of
 * @param failed place of a later scan that no volume could be made of
 */
record SeenScan(String preprocessing, Optional<RecordPlace> done, Optional<RecordPlace> failed) {
  static final SeenScan NEVER = new SeenScan("", Optional.empty(), Optional.empty());

  static SeenScan done(String preprocessing, RecordPlace place) {
    return new SeenScan(preprocessing, Optional.of(place), Optional.empty());
  }

  SeenScan failedAt(RecordPlace place) {
    return new SeenScan(preprocessing, done, Optional.of(place));
  }

  /** Dead letters about the scans at these places are tried again by the next record. */
  List<RecordPlace> places() {
    return Stream.of(failed, done).flatMap(Optional::stream).toList();
  }

  /** From what {@link #toString} gives, or null. */
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
