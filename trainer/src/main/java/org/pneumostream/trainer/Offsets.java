package org.pneumostream.trainer;

import java.util.HashMap;
import java.util.Map;

/** Offsets by partition number; Avro's maps have strings for keys. */
final class Offsets {
  private Offsets() {}

  static Map<Integer, Long> ofRecord(Map<String, Long> offsets) {
    Map<Integer, Long> byNumber = new HashMap<>();
    offsets.forEach((partition, offset) -> byNumber.put(Integer.valueOf(partition), offset));
    return byNumber;
  }

  static Map<String, Long> toRecord(Map<Integer, Long> offsets) {
    Map<String, Long> byName = new HashMap<>();
    offsets.forEach((partition, offset) -> byName.put(Integer.toString(partition), offset));
    return byName;
  }
}
