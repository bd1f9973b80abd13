package org.pneumostream.ingest;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jetty.http.BadMessageException;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes scans from their bytes to the scans topic, for HTTP, the watched folder and the command
 * line. It counts, logs and traces each push; logs never name a file. Thread-safe.
 */
class ScanIntake {
  private static final Logger log = LoggerFactory.getLogger(ScanIntake.class);

  private final ScanReader reader;
  private final int inlineMaxBytes;
  private final Optional<StudyPseudonyms> pseudonyms;
  private final ScanStore store;
  private final ScanPublisher publisher;
  private final IngestMetrics metrics;
  private final Tracing tracing;
  private final Clock clock;

  ScanIntake(
      IngestConfig config,
      ScanStore store,
      ScanPublisher publisher,
      IngestMetrics metrics,
      Tracing tracing,
      Clock clock) {
    this.reader = new ScanReader(config);
    this.inlineMaxBytes = config.inlineMaxBytes();
    this.pseudonyms = config.pseudonyms();
    this.store = store;
    this.publisher = publisher;
    this.metrics = metrics;
    this.tracing = tracing;
    this.clock = clock;
  }

  /**
   * Accepts a scan. Returns when the brokers have it, or when it is rejected.
   *
   * @throws BusyException if too much is in flight
   * @throws UnavailableException if disk, scan store, registry or Kafka is unavailable
   * @throws IOException if the bytes break off, cannot be read, or were written to meanwhile
   */
  Outcome accept(PushedScan pushed, Provenance provenance)
      throws UnavailableException, IOException {
    long begun = System.nanoTime();
    ScanSource source = provenance.source();
    Span span =
        tracing
            .span("take scan")
            .setAttribute("pneumostream.scan.source", Provenance.name(source))
            .startSpan();
    try (Scope current = span.makeCurrent()) {
      Outcome.Accepted accepted = take(pushed, provenance);
      report(accepted, source, Duration.ofNanos(System.nanoTime() - begun));
      return accepted;
    } catch (RejectedScanException e) {
      Tracing.failed(span, e.reason().label());
      metrics.rejected(source, e.reason());
      // The message may quote the header, which is for the client and not for the log.
      log.info("scan from {} rejected: {}", Provenance.name(source), e.reason().label());
      return new Outcome.Rejected(e.reason(), e.getMessage());
    } catch (UnavailableException e) {
      Tracing.failed(span, e);
      metrics.unavailable(source, e);
      log.warn(
          "could not accept a scan from {} for now: {}", Provenance.name(source), e.getMessage());
      throw e;
    } catch (IOException | BadMessageException e) {
      // Jetty throws the latter for a body that arrives too slowly.
      Tracing.failed(span, e);
      metrics.brokenOff(source);
      throw e;
    } finally {
      span.end();
    }
  }

  /** Reads and identifies the scan; stores and publishes it unless it is known. */
  private Outcome.Accepted take(PushedScan pushed, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    try (StagedBytes staged = new StagedBytes(inlineMaxBytes, store)) {
      String scanId = reader.read(pushed, staged);
      Instant receivedAt = clock.instant();
      Span.current()
          .setAttribute(Tracing.SCAN_ID, scanId)
          .setAttribute("pneumostream.scan.bytes", staged.count());
      Optional<Receipt> known = publisher.find(scanId);
      Receipt receipt =
          known.isPresent()
              ? known.get()
              : publisher.publish(scanId, scan(staged.keep(scanId), provenance, receivedAt));
      if (provenance.finding().isPresent()) {
        publisher.label(scanId, provenance.finding().get(), receivedAt);
      }
      return new Outcome.Accepted(receipt, known.isPresent(), staged.count());
    } catch (StagedBytes.StoreFailure e) {
      throw new UnavailableException(e.getMessage(), e);
    }
  }

  private Scan scan(StagedBytes.Kept kept, Provenance provenance, Instant receivedAt) {
    return Scan.newBuilder()
        .setReceivedAt(receivedAt)
        .setSource(provenance.source())
        .setStudyKey(provenance.studyKey().map(this::pseudonym).orElse(null))
        .setFinding(provenance.finding().orElse(null))
        .setContent(kept.content())
        .setReference(kept.reference())
        .build();
  }

  private String pseudonym(String studyKey) {
    return pseudonyms.map(all -> all.of(studyKey)).orElse(studyKey);
  }

  private void report(Outcome.Accepted accepted, ScanSource source, Duration time) {
    Receipt receipt = accepted.receipt();
    metrics.accepted(source, accepted, time);
    log.info(
        "scan {}: {}, {} bytes from {} in {} ms, partition {} offset {}",
        receipt.scanId(),
        accepted.alreadyThere() ? "already there" : "accepted",
        accepted.bytes(),
        Provenance.name(source),
        time.toMillis(),
        receipt.partition(),
        receipt.offset());
  }
}
