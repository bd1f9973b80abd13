package org.pneumostream.schemas;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names and creation settings of the topics.
 *
 * @param prefix prefix of every topic's name
 * @param partitions partitions of the topics that carry scans, 1 to 1000; the upper bound of
 *     parallelism
 * @param replication copies of each partition, or -1 for the brokers' default
 * @param maxRecordBytes largest record that the topics take, in bytes, before compression
 * @param eraseWithin time within which the bytes of an erased scan are gone, at least 1 s
 */
public record TopicSettings(
    String prefix, int partitions, short replication, int maxRecordBytes, Duration eraseWithin) {
  private static final Duration A_DAY = Duration.ofDays(1);

  private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");

  public TopicSettings {
    Objects.requireNonNull(prefix, "prefix");
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "topic-prefix: '" + prefix + "', expected at most 100 letters, digits, '.', '_' or '-'");
    }
    if (partitions < 1 || partitions > 1000) {
      throw new IllegalArgumentException("partitions: " + partitions + ", expected 1 to 1000");
    }
    if (replication != -1 && replication < 1) {
      throw new IllegalArgumentException(
          "replication: " + replication + ", expected -1 or at least 1");
    }
    if (maxRecordBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "max record bytes: " + maxRecordBytes + ", expected at least 1 MiB");
    }
    if (eraseWithin.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "erase within: " + eraseWithin + ", expected at least 1 s");
    }
  }

  /** Settings that erase within a day. */
  public TopicSettings(String prefix, int partitions, short replication, int maxRecordBytes) {
    this(prefix, partitions, replication, maxRecordBytes, A_DAY);
  }
}
