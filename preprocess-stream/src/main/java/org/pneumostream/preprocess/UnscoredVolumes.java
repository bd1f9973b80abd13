package org.pneumostream.preprocess;

import org.pneumostream.schemas.RecordPlace;

/** Which volumes have no prediction because the scorer has given them up, or they were erased. */
@FunctionalInterface
interface UnscoredVolumes {
  /**
   * Whether the volume of a scan has ended as a dead letter, or was erased by a tombstone that did
   * not pass here: compaction may take it once the scan has been pushed again.
   *
   * @param scan where the record lies that the volume was made of
   * @throws org.apache.kafka.common.KafkaException if Kafka is away
   */
  boolean isGone(String scanId, RecordPlace scan);
}
