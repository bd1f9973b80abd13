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
 * The dead letters that a record tries again, in its header {@link #HEADER}. Every stage hands the
 * header on to what it makes of the record, so that the output of a stage tells which dead letters
 * are settled.
 *
 * @param letters offsets of dead letters on dead-letters, of records that were put back from there
 * @param scans places of earlier records of the same scan on scans: every dead letter about one of
 *     them is tried again, whatever its offset
 */
public record RetryOf(Set<Long> letters, Set<RecordPlace> scans) {
  /** Name of the header: offsets and places, such as {@code 12,3@1234}. */
  public static final String HEADER = "retry-of";

  /** Header of a volume that is put back: the name of the model, UTF-8, that alone scores it. */
  public static final String ONLY_FOR_MODEL = "only-for-model";

  private static final Pattern LETTER = Pattern.compile("\\d{1,18}");

  public RetryOf {
    letters = Set.copyOf(letters);
    scans = Set.copyOf(scans);
  }

  public static RetryOf letters(Collection<Long> letters) {
    return new RetryOf(Set.copyOf(letters), Set.of());
  }

  /** The dead letters that a record names; none where it has no such header. */
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

  /** Hands the header on from a record to one that is made of it. */
  public static void handOn(Headers from, Headers to) {
    read(from).write(to);
  }

  /** Together with the dead letters about earlier records of the same scan. */
  public RetryOf andScans(Collection<RecordPlace> places) {
    return new RetryOf(
        letters, Stream.concat(scans.stream(), places.stream()).collect(Collectors.toSet()));
  }

  public boolean isNone() {
    return letters.isEmpty() && scans.isEmpty();
  }

  /** Makes a record name these dead letters, instead of those that it named before. */
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
