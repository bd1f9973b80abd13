package org.pneumostream.schemas;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Partition and offset of a record on its topic. A derived record names its source's place in a
 * header, as {@code 3@1234}. So the place is known even if the value cannot be read, and the order
 * of two records does not depend on a clock.
 */
public record RecordPlace(int partition, long offset) {
  /** Header of a record derived from a scan: the scan's place. */
  public static final String SCAN = "scan-place";

  /** Header of a record derived from a volume: the volume's place. */
  public static final String VOLUME = "volume-place";

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

  /** The place in a header; empty if the header is missing or malformed. */
  public static Optional<RecordPlace> read(String name, Headers headers) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : parse(new String(header.value(), StandardCharsets.US_ASCII));
  }

  /** Reads what {@link #toString} writes; empty for any other text. */
  public static Optional<RecordPlace> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new RecordPlace(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  /** Writes this place into a record's header, replacing an earlier one. */
  public void write(String name, Headers headers) {
    headers.remove(name);
    headers.add(name, toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether this place comes after another on the same partition; false across partitions. */
  public boolean isBehind(RecordPlace other) {
    return partition == other.partition && offset > other.offset;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
