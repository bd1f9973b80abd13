package org.pneumostream.preprocess;

import java.util.Optional;
import org.pneumostream.schemas.Volume;

/** Reads volumes again from where they were seen to lie on their topic. */
@FunctionalInterface
interface PlacedVolumes {
  /**
   * @return empty if compaction has removed it since: then a later record of the scan follows
   * @throws org.apache.kafka.common.KafkaException if Kafka or the registry is away
   */
  Optional<Volume> read(int partition, long offset);
}
