package org.pneumostream.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.pneumostream.schemas.KafkaAnswer;

/** Offsets by partition, which need no consumer in the group. */
public final class PartitionOffsets {
  private PartitionOffsets() {}

  /**
   * A group's committed offsets; none if it has never run, or Kafka has removed them.
   *
   * @throws KafkaException if Kafka is unavailable, or this login lacks the right
   */
  public static Map<TopicPartition, Long> committed(String group, Admin admin) {
    Map<TopicPartition, Long> committed = new HashMap<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> found =
          KafkaAnswer.of(
              admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
              "cannot read the positions of group " + group);
      found.forEach(
          (partition, offset) -> {
            if (offset != null) {
              committed.put(partition, offset.offset());
            }
          });
    } catch (KafkaException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return committed;
  }

  /**
   * The earliest or latest offset of each partition of a topic. The latest lies behind records of
   * open transactions.
   *
   * @throws KafkaException if Kafka is unavailable, or this login lacks the right
   */
  public static Map<TopicPartition, Long> of(String topic, OffsetSpec which, Admin admin) {
    String failure = "cannot read the offsets of topic " + topic;
    Map<TopicPartition, OffsetSpec> asked =
        Objects.requireNonNull(
                KafkaAnswer.of(admin.describeTopics(List.of(topic)).allTopicNames(), failure)
                    .get(topic))
            .partitions()
            .stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .collect(Collectors.toMap(Function.identity(), partition -> which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    KafkaAnswer.of(admin.listOffsets(asked).all(), failure)
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }
}
