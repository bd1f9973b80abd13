package org.pneumostream.ingest;

import java.util.Optional;
import java.util.function.Function;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;

/** Writes accepted scans to the scans topic. Thread-safe. */
public final class ScanPublisher {
  private final Topic<Scan> scans;
  private final Sending sending;
  private final Function<String, Optional<PublishedScans.Position>> known;
  private final java.util.function.Consumer<Receipt> written;

  private ScanPublisher(
      Topic<Scan> scans,
      Sending sending,
      Function<String, Optional<PublishedScans.Position>> known,
      java.util.function.Consumer<Receipt> written) {
    this.scans = scans;
    this.sending = sending;
    this.known = known;
    this.written = written;
  }

  /** A publisher that writes no scan again that the topic is known to hold. */
  static ScanPublisher to(Topic<Scan> scans, Sending sending, PublishedScans published) {
    return new ScanPublisher(scans, sending, published::find, published::add);
  }

  /** A publisher that writes every scan, for short-lived commands; downstream counts each once. */
  static ScanPublisher to(Topic<Scan> scans, Sending sending) {
    return new ScanPublisher(scans, sending, scanId -> Optional.empty(), receipt -> {});
  }

  /**
   * Writes the scan, and returns when all in-sync brokers have it. A scan that is already there is
   * written again only if a finding comes with it, since the finding may be new.
   *
   * @throws UnavailableException if Kafka or the registry does not take it in time
   */
  public Receipt publish(AcceptedScan accepted) throws UnavailableException {
    Optional<PublishedScans.Position> before = known.apply(accepted.scanId());
    if (before.isPresent() && accepted.scan().getFinding() == null) {
      return new Receipt(
          accepted.scanId(), scans.name(), before.get().partition(), before.get().offset(), true);
    }
    Receipt sent = sending.send(scans, accepted.scanId(), accepted.scan());
    written.accept(sent);
    return new Receipt(
        sent.scanId(), sent.topic(), sent.partition(), sent.offset(), before.isPresent());
  }
}
