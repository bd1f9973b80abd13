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
 * Waiting time of the oldest scan that preprocess-stream has not read. Ingest reports it, since a
 * stage that is down reports nothing, and scans expire after days.
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

  /** Updates the value. */
  void refresh() {
    try {
      seconds =
          oldest
              .get()
              .map(pushed -> Duration.between(pushed, clock.instant()).toMillis() / 1000.0)
              .orElse(0.0);
    } catch (KafkaException e) {
      if (!Double.isNaN(seconds)) {
        log.warn("cannot determine the age of the oldest unread scan: {}", e.toString());
      }
      seconds = Double.NaN;
    }
  }

  /** The latest value; 0 if none waits, NaN if unknown. */
  double seconds() {
    return seconds;
  }
}
