package org.pneumostream.preprocess;

import org.pneumostream.schemas.RecordPlace;

/** Tells which volumes have no prediction because the scorer failed on them or they were erased. */
@FunctionalInterface
interface UnscoredVolumes {
  /**
   * Whether a scan's volume ended as a dead letter, or was erased by a tombstone that did not pass
   * here, so that compaction may remove it once the scan has been pushed again.
   *
   * @param scan place of the scan that the volume was made from
   * @throws org.apache.kafka.common.KafkaException if Kafka is unavailable
   */
  boolean isGone(String scanId, RecordPlace scan);
}
