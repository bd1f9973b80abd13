package org.pneumostream.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The dead letters that a record retries, in its header {@link #HEADER}. Every stage copies the
 * header to its output, so that the output tells which dead letters are settled.
 *
 * @param letters offsets on dead-letters of the letters whose records were put back
 * @param scans places on scans of earlier records of the same scan; the record retries every dead
 *     letter about one of them, whatever its offset
 */
public record RetryOf(Set<Long> letters, Set<RecordPlace> scans) {
  /** Name of the header: offsets and places, such as {@code 12,3@1234}. */
  public static final String HEADER = "retry-of";

  /** Header of a volume put back for one model: the model's name, UTF-8. Other scorers skip it. */
  public static final String ONLY_FOR_MODEL = "only-for-model";

  private static final Pattern LETTER = Pattern.compile("\\d{1,18}");

  public RetryOf {
    letters = Set.copyOf(letters);
    scans = Set.copyOf(scans);
  }

  public static RetryOf letters(Collection<Long> letters) {
    return new RetryOf(Set.copyOf(letters), Set.of());
  }

  /** Reads the dead letters that a record retries; none if it lacks the header. */
  public static RetryOf read(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    String text =
        header == null || header.value() == null
            ? ""
            : new String(header.value(), StandardCharsets.US_ASCII);
    List<String> parts = List.of(text.split(","));
    return new RetryOf(
        parts.stream()
            .filter(part -> LETTER.matcher(part).matches())
            .map(Long::valueOf)
            .collect(Collectors.toSet()),
        parts.stream()
            .flatMap(part -> RecordPlace.parse(part).stream())
            .collect(Collectors.toSet()));
  }

  /** Copies the header from a record to one derived from it. */
  public static void handOn(Headers from, Headers to) {
    read(from).write(to);
  }

  /** Adds the dead letters about earlier records of the same scan. */
  public RetryOf andScans(Collection<RecordPlace> places) {
    return new RetryOf(
        letters, Stream.concat(scans.stream(), places.stream()).collect(Collectors.toSet()));
  }

  public boolean isNone() {
    return letters.isEmpty() && scans.isEmpty();
  }

  /** Writes these dead letters into a record's header, replacing earlier ones. */
  public void write(Headers headers) {
    headers.remove(HEADER);
    if (!isNone()) {
      headers.add(HEADER, toString().getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public String toString() {
    return Stream.concat(
            new TreeSet<>(letters).stream(), scans.stream().map(RecordPlace::toString).sorted())
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }
}
