package org.pneumostream.preprocess;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Header of a volume that tells which record it was made of: {@code read-from}, with partition and
 * offset as {@code 3@1234}. By it a group whose position Kafka has forgotten finds where it left
 * off.
 */
final class ReadFrom {
  static final String HEADER = "read-from";
  private static final Pattern PLACE = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

  private ReadFrom() {}

  static void write(RecordMetadata place, Headers headers) {
    String text = place.partition() + "@" + place.offset();
    headers.remove(HEADER).add(HEADER, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The offset, if the record was made of one in that partition. */
  static OptionalLong offset(int partition, Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null) {
      return OptionalLong.empty();
    }
    Matcher place = PLACE.matcher(new String(header.value(), StandardCharsets.US_ASCII));
    return place.matches() && Integer.parseInt(place.group(1)) == partition
        ? OptionalLong.of(Long.parseLong(place.group(2)))
        : OptionalLong.empty();
  }
}
