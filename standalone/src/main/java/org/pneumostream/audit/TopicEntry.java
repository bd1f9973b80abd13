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
 */
record TopicEntry(String topic, Map<String, RecordPlace> places, String key, boolean isTombstone) {
  TopicEntry {
    places = Map.copyOf(places);
  }

  /** Its own place. */
  RecordPlace place() {
    return places.get(topic);
  }
}
