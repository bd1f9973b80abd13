package org.pneumostream.trainer;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.pneumostream.service.CommittedRecords;

/**
 * Counts the scans labeled, or labeled anew, since a snapshot of the labeled volumes: by key, since
 * offsets also count transaction markers and scans labeled twice. For one thread, but for {@link
 * #wakeUp}.
 */
final class NewLabels implements AutoCloseable {
  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Set<String> scanIds = new HashSet<>();

  /**
   * @param consumer a consumer of committed records with no topic assigned; closed with this object
   */
  NewLabels(Consumer<String, byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /**
   * Starts counting anew.
   *
   * @param snapshot end offset of each partition of the snapshot; partitions without one are
   *     counted from their beginning
   */
  void countSince(Map<Integer, Long> snapshot) {
    scanIds.clear();
    List<TopicPartition> partitions = CommittedRecords.partitions(consumer, List.of(topic));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    for (TopicPartition partition : partitions) {
      Long end = snapshot.get(partition.partition());
      if (end != null) {
        consumer.seek(partition, end);
      }
    }
  }

  /** The count, after waiting at most this long for more. */
  int count(Duration atMost) {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(atMost)) {
      if (record.value() == null) {
        scanIds.remove(record.key());
      } else {
        scanIds.add(record.key());
      }
    }
    return scanIds.size();
  }

  /** Ends a wait in another thread with {@link org.apache.kafka.common.errors.WakeupException}. */
  void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
