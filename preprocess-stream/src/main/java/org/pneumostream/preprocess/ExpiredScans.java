package org.pneumostream.preprocess;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.pneumostream.ledger.UnreadScans;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Stage;
import org.pneumostream.schemas.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports scans that expired while the service was down. Kafka Streams continues at the first
 * remaining scan, after which nothing else would report them.
 */
final class ExpiredScans {
  static final String ERROR = "ScansExpired";

  private static final Logger log = LoggerFactory.getLogger(ExpiredScans.class);

  private ExpiredScans() {}

  /**
   * Writes a dead letter for each range of offsets, and again if the service restarts before it has
   * moved on. If the position is unknown, no loss can be determined.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka is unavailable
   */
  static void tell(KafkaConnection kafka, InstantSource clock) {
    List<UnreadScans.Expired> expired = new UnreadScans(kafka).expiredBehindPosition();
    if (expired.isEmpty()) {
      return;
    }
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (UnreadScans.Expired range : expired) {
        DeadLetter letter = letter(kafka.topics(), range, clock);
        log.error("{}", letter.getReason());
        var unused = producer.send(kafka.topics().deadLetters().record(range.key(), letter));
      }
      producer.flush();
    }
  }

  private static DeadLetter letter(Topics topics, UnreadScans.Expired range, InstantSource clock) {
    String scans = topics.scans().name();
    return Stage.PREPROCESS_STREAM
        .deadLetter(
            scans,
            new RecordPlace(range.partition(), range.from()),
            ERROR,
            "up to %d scans expired unread, %s-%d offsets %d to %d; push them again"
                .formatted(range.count(), scans, range.partition(), range.from(), range.to() - 1),
            clock.instant())
        .build();
  }
}
