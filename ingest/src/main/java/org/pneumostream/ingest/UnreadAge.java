package org.pneumostream.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the oldest scan waits for preprocess-stream: told by ingest, since a stage that is down
 * tells nothing, and scans expire after days.
 */
final class UnreadAge {
  private static final Logger log = LoggerFactory.getLogger(UnreadAge.class);

  private final Supplier<Optional<Instant>> oldest;
  private final InstantSource clock;
  private volatile double seconds = Double.NaN;

  /**
   * @param oldest asks Kafka when the oldest of them was pushed
   */
  UnreadAge(Supplier<Optional<Instant>> oldest, InstantSource clock) {
    this.oldest = oldest;
    this.clock = clock;
  }

  /** Asks again. */
  void refresh() {
    try {
      seconds =
          oldest
              .get()
              .map(pushed -> Duration.between(pushed, clock.instant()).toMillis() / 1000.0)
              .orElse(0.0);
    } catch (KafkaException e) {
      if (!Double.isNaN(seconds)) {
        log.warn("age of the oldest unread scan is not known: {}", e.toString());
      }
      seconds = Double.NaN;
    }
  }

  /** As it was last asked for; 0 if none waits, NaN if it is not known. */
  double seconds() {
    return seconds;
  }
}
