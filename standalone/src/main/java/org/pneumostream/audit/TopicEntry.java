package org.pneumostream.audit;

import java.time.Instant;

/**
 * A record on a topic without its value.
 *
 * @param key null if it has none
 * @param at its timestamp
 * @param isTombstone whether its value is null
 */
record TopicEntry(
    String topic, int partition, long offset, String key, Instant at, boolean isTombstone) {}
