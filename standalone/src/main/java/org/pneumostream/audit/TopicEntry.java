package org.pneumostream.audit;

import java.util.Map;
import org.pneumostream.schemas.RecordPlace;

/**
 * A record on a topic without its value.
 *
 * @param places its own place, and those of the records that it was made of, by full names of their
 *     topics
 * @param key null if it has none
 * @param isTombstone whether its value is null
 * @param model name of the model that a prediction is by; null for other records
 */
record TopicEntry(
    String topic, Map<String, RecordPlace> places, String key, boolean isTombstone, String model) {
  TopicEntry {
    places = Map.copyOf(places);
  }

  /** A record that is no prediction. */
  TopicEntry(String topic, Map<String, RecordPlace> places, String key, boolean isTombstone) {
    this(topic, places, key, isTombstone, null);
  }

  /** Its own place. */
  RecordPlace place() {
    return places.get(topic);
  }
}
