package org.pneumostream.ledger;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The scans that have a record without a later tombstone, by key alone, so that unreadable records
 * count, too. For one thread.
 */
final class ScansOnRecord {
  /** By partition, since a tombstone only ends earlier records of its own partition. */
  private final Map<TopicPartition, Set<String>> scanIds = new HashMap<>();

  /** Adds a record; records of a partition must come in order. */
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
