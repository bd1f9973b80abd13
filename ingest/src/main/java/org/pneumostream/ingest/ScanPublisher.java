package org.pneumostream.ingest;

import java.util.Optional;
import java.util.function.Function;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.RecordPlace;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;

/**
 * Writes accepted scans to the scans topic, and the findings given with them to the labels topic.
 * Thread-safe.
 */
public final class ScanPublisher {
  /** The annotator of a finding given with the push. */
  private static final String PUSHER = "push";

  private final Topic<Scan> scans;
  private final Topic<Label> labels;
  private final RecordSender sender;
  private final Function<String, Optional<RecordPlace>> known;
  private final java.util.function.Consumer<Receipt> written;

  private ScanPublisher(
      Topics topics,
      RecordSender sender,
      Function<String, Optional<RecordPlace>> known,
      java.util.function.Consumer<Receipt> written) {
    this.scans = topics.scans();
    this.labels = topics.labels();
    this.sender = sender;
    this.known = known;
    this.written = written;
  }

  /** A publisher that writes no scan again that the topic is known to hold. */
  static ScanPublisher to(Topics topics, RecordSender sender, PublishedScans published) {
    return new ScanPublisher(topics, sender, published::find, published::add);
  }

  /** A publisher that writes every scan, for short-lived commands; downstream counts each once. */
  static ScanPublisher to(Topics topics, RecordSender sender) {
    return new ScanPublisher(topics, sender, scanId -> Optional.empty(), receipt -> {});
  }

  /**
   * Writes the scan, unless it is known to be there, and then its finding, if one comes with it. A
   * reader who says otherwise once this has returned is heard last. Returns when all in-sync
   * brokers have both.
   *
   * @throws UnavailableException if Kafka or the registry does not take it in time; pushed again,
   *     the scan counts once
   */
  public Receipt publish(AcceptedScan accepted) throws UnavailableException {
    Receipt receipt = scan(accepted);
    Scan scan = accepted.scan();
    if (scan.getFinding() != null) {
      Label label = new Label(scan.getFinding(), PUSHER, scan.getReceivedAt());
      sender.send(labels, accepted.scanId(), label);
    }
    return receipt;
  }

  private Receipt scan(AcceptedScan accepted) throws UnavailableException {
    Optional<RecordPlace> before = known.apply(accepted.scanId());
    if (before.isPresent()) {
      return new Receipt(
          accepted.scanId(), scans.name(), before.get().partition(), before.get().offset(), true);
    }
    Receipt sent = sender.send(scans, accepted.scanId(), accepted.scan());
    written.accept(sent);
    return sent;
  }
}
