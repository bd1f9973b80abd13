package org.pneumostream.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Where a record lies on its topic. A record that is made of another one names that one's place in
 * a header, as {@code 3@1234}: so it is known of records whose values cannot be read, and no clock
 * is asked which of two records came first.
 */
public record RecordPlace(int partition, long offset) {
  /** Header of what is made of a scan: the scan's place. */
  public static final String SCAN = "scan-place";

  /** Header of what is made of a volume: the volume's place. */
  public static final String VOLUME = "volume-place";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

  /** The place that a header names; empty where there is none, or it is malformed. */
  public static Optional<RecordPlace> read(String name, Headers headers) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : parse(new String(header.value(), StandardCharsets.US_ASCII));
  }

  /** From what {@link #toString} gives; empty where it is anything else. */
  public static Optional<RecordPlace> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new RecordPlace(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Makes a record name this place, instead of what it named before. */
  public void write(String name, Headers headers) {
    headers.remove(name);
    headers.add(name, toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether this lies behind another place of the same topic; false across partitions. */
  public boolean isBehind(RecordPlace other) {
    return partition == other.partition && offset > other.offset;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
