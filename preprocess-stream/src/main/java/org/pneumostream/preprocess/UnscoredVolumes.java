package org.pneumostream.preprocess;

import org.pneumostream.schemas.RecordPlace;

/** Which volumes have no prediction because the scorer has given them up. */
@FunctionalInterface
interface UnscoredVolumes {
  /**
   * Whether the latest volume of a scan has ended as a dead letter.
   *
   * @param scan where the record lies that the volume was made of
   * @throws org.apache.kafka.common.KafkaException if Kafka is away
   */
  boolean isGivenUp(String scanId, RecordPlace scan);
}
