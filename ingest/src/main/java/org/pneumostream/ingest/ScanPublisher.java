package org.pneumostream.ingest;

import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.Topic;

/** Writes accepted scans to the scans topic. Thread-safe. */
public final class ScanPublisher {
  private final Topic<Scan> scans;
  private final Producer<String, byte[]> producer;
  private final Function<String, Optional<PublishedScans.Position>> known;
  private final java.util.function.Consumer<Receipt> written;

  private ScanPublisher(
      Topic<Scan> scans,
      Producer<String, byte[]> producer,
      Function<String, Optional<PublishedScans.Position>> known,
      java.util.function.Consumer<Receipt> written) {
    this.scans = scans;
    this.producer = producer;
    this.known = known;
    this.written = written;
  }

  /** A publisher that writes no scan again that the topic is known to hold. */
  public static ScanPublisher to(
      Topic<Scan> scans, Producer<String, byte[]> producer, PublishedScans published) {
    return new ScanPublisher(scans, producer, published::find, published::add);
  }

  /** A publisher that writes every scan, for short-lived commands; downstream counts each once. */
  public static ScanPublisher to(Topic<Scan> scans, Producer<String, byte[]> producer) {
    return new ScanPublisher(scans, producer, scanId -> Optional.empty(), receipt -> {});
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
    Receipt sent = Sending.send(producer, scans, accepted.scanId(), accepted.scan());
    written.accept(sent);
    return new Receipt(
        sent.scanId(), sent.topic(), sent.partition(), sent.offset(), before.isPresent());
  }
}
