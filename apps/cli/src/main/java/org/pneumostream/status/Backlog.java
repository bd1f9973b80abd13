package org.pneumostream.status;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.pneumostream.runtime.PartitionOffsets;
import org.pneumostream.schemas.KafkaAnswer;
import org.pneumostream.schemas.Topic;

/**
 * A consumer group's backlog.
 *
 * @param members consumers in the group
 * @param waiting unread records of each topic, by the topic's name; for larger numbers transaction
 *     markers between them are included
 */
public record Backlog(int members, Map<String, Long> waiting) {
  /** Up to this many offsets are checked one by one, to exclude transaction markers. */
  private static final long FEW = 10;

  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Asks the brokers.
   *
   * @param consumer without assigned partitions, to look at records
   */
  static Backlog of(
      String group, List<Topic<?>> topics, Admin admin, Consumer<String, byte[]> consumer) {
    Map<TopicPartition, Long> committed = PartitionOffsets.committed(group, admin);
    Map<String, Long> waiting = new LinkedHashMap<>();
    for (Topic<?> topic : topics) {
      Map<TopicPartition, Long> begins =
          PartitionOffsets.of(topic.name(), OffsetSpec.earliest(), admin);
      Map<TopicPartition, Long> ends =
          PartitionOffsets.of(topic.name(), OffsetSpec.latest(), admin);
      long sum = 0;
      for (TopicPartition partition : begins.keySet()) {
        long begin = begins.get(partition);
        long end = Objects.requireNonNull(ends.get(partition));
        long from = Math.max(begin, committed.getOrDefault(partition, begin));
        sum += records(partition, from, end, consumer);
      }
      waiting.put(topic.name(), sum);
    }
    return new Backlog(members(group, admin), waiting);
  }

  /** Sum over all topics. */
  public long sum() {
    return waiting.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long records(
      TopicPartition partition, long from, long end, Consumer<String, byte[]> consumer) {
    if (end - from > FEW) {
      return end - from;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long records = 0;
    long stalled = 0;
    while (consumer.position(partition) < end && stalled < FEW) {
      int polled = consumer.poll(POLL).count();
      records += polled;
      // Records of an open transaction block those after them.
      stalled = polled == 0 ? stalled + 1 : 0;
    }
    return records;
  }

  private static int members(String group, Admin admin) {
    try {
      return Objects.requireNonNull(
              KafkaAnswer.of(
                      admin.describeConsumerGroups(List.of(group)).all(),
                      "cannot read the members of group " + group)
                  .get(group))
          .members()
          .size();
    } catch (KafkaException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e;
    }
  }
}
