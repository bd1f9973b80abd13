package org.pneumostream.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.jetty.http.BadMessageException;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.ScanSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a scan from its bytes to the topic, counted, logged and traced: the same for HTTP, the
 * watched folder and the command line. Logs never name a file. Thread-safe.
 */
public final class Door {
  private static final Logger log = LoggerFactory.getLogger(Door.class);

  private final ScanIntake intake;
  private final ScanPublisher publisher;
  private final IngestMetrics metrics;
  private final Tracing tracing;

  Door(ScanIntake intake, ScanPublisher publisher, MeterRegistry metrics, Tracing tracing) {
    this.intake = intake;
    this.publisher = publisher;
    this.metrics = new IngestMetrics(metrics);
    this.tracing = tracing;
  }

  /** How the bytes are read. */
  @FunctionalInterface
  private interface Taking {
    AcceptedScan take() throws RejectedScanException, UnavailableException, IOException;
  }

  /**
   * Takes a scan that is one stream, and returns when the brokers have it.
   *
   * @throws RejectedScanException if it is no scan
   * @throws UnavailableException if disk, registry or Kafka cannot take it now
   * @throws IOException if the stream breaks off
   */
  public Receipt push(InputStream pushed, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    return push(() -> intake.accept(pushed, provenance), provenance.source());
  }

  /**
   * Takes a scan from disk, and returns when the brokers have it.
   *
   * @throws RejectedScanException if it is no scan
   * @throws UnavailableException if disk, registry or Kafka cannot take it now
   * @throws IOException if a file cannot be read
   */
  public Receipt push(ScanFile file, Provenance provenance)
      throws RejectedScanException, UnavailableException, IOException {
    return push(() -> intake.accept(file, provenance), provenance.source());
  }

  private Receipt push(Taking taking, ScanSource source)
      throws RejectedScanException, UnavailableException, IOException {
    long begun = System.nanoTime();
    Span span =
        tracing
            .span("take scan")
            .setAttribute("pneumostream.scan.source", Provenance.name(source))
            .startSpan();
    try (Scope current = span.makeCurrent()) {
      AcceptedScan scan = taking.take();
      span.setAttribute(Tracing.SCAN_ID, scan.scanId())
          .setAttribute("pneumostream.scan.bytes", scan.bytes());
      Receipt receipt = publish(scan);
      Duration time = Duration.ofNanos(System.nanoTime() - begun);
      metrics.accepted(source, scan.bytes(), receipt.alreadyThere(), time);
      log.info(
          "scan {}: {}, {} bytes from {} in {} ms, partition {} offset {}",
          scan.scanId(),
          receipt.alreadyThere() ? "already there" : "accepted",
          scan.bytes(),
          Provenance.name(source),
          time.toMillis(),
          receipt.partition(),
          receipt.offset());
      return receipt;
    } catch (RejectedScanException e) {
      Tracing.failed(span, e.reason().label());
      metrics.rejected(source, e.reason());
      // The message may quote the header, which is for whoever pushes and not for the log.
      log.info("scan from {} rejected: {}", Provenance.name(source), e.reason().label());
      throw e;
    } catch (UnavailableException e) {
      Tracing.failed(span, e);
      metrics.unavailable(source, e);
      log.warn("scan from {} not taken for now: {}", Provenance.name(source), e.getMessage());
      throw e;
    } catch (IOException | BadMessageException e) {
      // The latter is what Jetty says of a body that comes too slowly.
      Tracing.failed(span, e);
      metrics.brokenOff(source);
      throw e;
    } finally {
      span.end();
    }
  }

  private Receipt publish(AcceptedScan scan) throws RejectedScanException, UnavailableException {
    try {
      return publisher.publish(scan);
    } catch (RecordTooLargeException e) {
      throw new RejectedScanException(Reason.TOO_LARGE, "Kafka: " + e.getMessage(), e);
    }
  }
}
