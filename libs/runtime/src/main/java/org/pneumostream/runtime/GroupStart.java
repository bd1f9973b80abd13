package org.pneumostream.runtime;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a consumer group starts in partitions without a committed offset: either the group
 * is new, or it was empty for so long that Kafka has removed its offsets (broker setting {@code
 * offsets.retention.minutes}, 7 days by default).
 */
public final class GroupStart {
  private static final Logger log = LoggerFactory.getLogger(GroupStart.class);

  private final String group;
  private final LostPosition otherwise;

  /**
   * @param otherwise what to do if the outputs do not tell the position
   */
  public GroupStart(String group, LostPosition otherwise) {
    this.group = group;
    this.otherwise = otherwise;
  }

  /** First and end offset of a partition. */
  public record Range(long begin, long end) {
    /**
     * @throws IllegalStateException if the range is invalid
     */
    public Range {
      if (begin > end) {
        throw new IllegalStateException("offsets: from " + begin + " to " + end);
      }
    }
  }

  /** The ranges of partitions, as a consumer sees them. */
  public static Map<TopicPartition, Range> ranges(
      Collection<TopicPartition> partitions, Consumer<String, byte[]> consumer) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    consumer
        .endOffsets(partitions)
        .forEach(
            (partition, end) ->
                ranges.put(
                    partition, new Range(Objects.requireNonNull(begins.get(partition)), end)));
    return ranges;
  }

  /**
   * What the group's own outputs tell about its position.
   *
   * @param answered highest offset with an output, for each partition with any output
   * @param isComplete whether the outputs still hold all that was ever written; a partition without
   *     an output was then never processed
   */
  public record Evidence(Map<TopicPartition, Long> answered, boolean isComplete) {
    public Evidence {
      answered = Map.copyOf(answered);
    }
  }

  /**
   * Chooses the start offsets.
   *
   * @param without partitions without a committed offset
   * @throws LostPositionException if the outputs do not tell the position, and the settings say to
   *     stop
   */
  public Map<TopicPartition, Long> of(Map<TopicPartition, Range> without, Evidence evidence) {
    Map<TopicPartition, Long> starts =
        new TreeMap<>(
            Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    without.forEach((partition, range) -> starts.put(partition, start(partition, range, evidence)));
    return starts;
  }

  private long start(TopicPartition partition, Range range, Evidence evidence) {
    Long answered = evidence.answered().get(partition);
    if (answered == null && (evidence.isComplete() || range.begin() == range.end())) {
      log.info(
          "group {} starts at the beginning of {}, offset {}: it has written no output for it yet",
          group,
          partition,
          range.begin());
      return range.begin();
    }
    // Answers beyond the end belong to a deleted topic of the same name.
    if (answered != null && answered < range.end()) {
      long start = Math.max(range.begin(), answered + 1);
      log.warn(
          "group {} has lost its position in {}: resumes at offset {}, after its last output",
          group,
          partition,
          start);
      return start;
    }
    if (otherwise == LostPosition.STOP) {
      throw new LostPositionException(
          ("group %s has lost its position in %s, and its outputs do not tell it: start once with"
                  + " %s=earliest to process all %d offsets again, or with %s=latest to process"
                  + " only new records")
              .formatted(
                  group,
                  partition,
                  LostPosition.SETTING.key(),
                  range.end() - range.begin(),
                  LostPosition.SETTING.key()));
    }
    long start = otherwise == LostPosition.EARLIEST ? range.begin() : range.end();
    log.warn(
        "group {} has no position in {}: starts at offset {} ({}={})",
        group,
        partition,
        start,
        LostPosition.SETTING.key(),
        otherwise);
    return start;
  }
}
