package org.pneumostream.audit;

import java.time.Instant;

/**
 * A record on a topic without its value.
 *
 * @param key null if it has none
 * @param at its timestamp
 * @param isTombstone whether its value is null
 * @param model name of the model that a prediction is by; null for other records
 */
record TopicEntry(
    String topic,
    int partition,
    long offset,
    String key,
    Instant at,
    boolean isTombstone,
    String model) {

  /** A record that is no prediction. */
  TopicEntry(
      String topic, int partition, long offset, String key, Instant at, boolean isTombstone) {
    this(topic, partition, offset, key, at, isTombstone, null);
  }
}
