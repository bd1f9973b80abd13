package org.pneumostream.preprocess;

import java.util.Optional;
import org.pneumostream.schemas.Volume;

/** Reads volumes from their places on the topic. */
@FunctionalInterface
interface PlacedVolumes {
  /**
   * @return empty if compaction has removed it; then a later record of the scan follows
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry is unavailable
   */
  Optional<Volume> read(int partition, long offset);
}
