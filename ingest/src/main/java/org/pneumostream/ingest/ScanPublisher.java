package org.pneumostream.ingest;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Writes scans to the scans topic, and the findings given with them to the labels topic.
 * Thread-safe.
 */
final class ScanPublisher {
  /** The annotator of a finding that came with a push. */
  private static final String PUSHER = "push";

  private final Topic<Scan> scans;
  private final Topic<Label> labels;
  private final RecordSender sender;
  private final Optional<PublishedScans> published;

  private ScanPublisher(Topics topics, RecordSender sender, Optional<PublishedScans> published) {
    this.scans = topics.scans();
    this.labels = topics.labels();
    this.sender = sender;
    this.published = published;
  }

  /** A publisher that knows which scans the topic holds. */
  static ScanPublisher to(Topics topics, RecordSender sender, PublishedScans published) {
    return new ScanPublisher(topics, sender, Optional.of(published));
  }

  /**
   * A publisher that knows no scans, for short-lived commands; downstream counts each scan once.
   */
  static ScanPublisher to(Topics topics, RecordSender sender) {
    return new ScanPublisher(topics, sender, Optional.empty());
  }

  /** Place of the scan, if the topic is known to hold it. */
  Optional<Receipt> find(String scanId) {
    return published
        .flatMap(all -> all.find(scanId))
        .map(place -> new Receipt(scanId, scans.name(), place.partition(), place.offset()));
  }

  /**
   * Writes a scan, and returns when all in-sync brokers have it.
   *
   * @throws RejectedScanException if the record is larger than the topic accepts
   * @throws UnavailableException if Kafka or the registry does not accept it in time; pushed again,
   *     the scan counts once
   */
  Receipt publish(String scanId, Scan scan) throws RejectedScanException, UnavailableException {
    try {
      Receipt receipt = sender.send(scans, scanId, scan);
      published.ifPresent(all -> all.add(receipt));
      return receipt;
    } catch (RecordTooLargeException e) {
      throw new RejectedScanException(Reason.TOO_LARGE, "Kafka: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the finding that came with a scan, and returns when all in-sync brokers have it. A
   * reader's later label then takes precedence.
   *
   * @throws UnavailableException if Kafka or the registry does not accept it in time
   */
  void label(String scanId, Finding finding, Instant receivedAt) throws UnavailableException {
    sender.send(labels, scanId, new Label(finding, PUSHER, receivedAt));
  }
}
