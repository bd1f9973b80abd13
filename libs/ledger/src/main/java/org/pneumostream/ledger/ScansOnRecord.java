package org.pneumostream.ledger;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The scans of which topics hold a record that no tombstone follows, by its key alone: so that even
 * a record that nobody can read counts. For one thread.
 */
final class ScansOnRecord {
  /** By partition, since a tombstone ends what lies before it in its own. */
  private final Map<TopicPartition, Set<String>> scanIds = new HashMap<>();

  /** Takes note of a record; those of a partition in their order. */
  void take(ConsumerRecord<String, byte[]> record) {
    Set<String> here =
        scanIds.computeIfAbsent(
            new TopicPartition(record.topic(), record.partition()), any -> new HashSet<>());
    if (record.value() == null) {
      here.remove(record.key());
    } else {
      here.add(record.key());
    }
  }

  boolean contains(String scanId) {
    return scanIds.values().stream().anyMatch(here -> here.contains(scanId));
  }
}
