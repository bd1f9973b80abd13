package org.pneumostream.ingest;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pneumostream.http.HttpCaller;
import org.pneumostream.http.HttpRole;
import org.pneumostream.ingest.RejectedScanException.Reason;
import org.pneumostream.runtime.TracedRoute;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.ScanSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /scans?label=normal|abnormal&study=KEY} with a scan as body, and {@code POST /labels}
 * with {@code {"scanId", "finding", "annotator"}}; {@link ErasureRoute} erases. The body of a push
 * is read as a stream and never held as a whole.
 */
final class HttpRoutes implements Consumer<RoutesConfig>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpRoutes.class);

  /** Enough time for an in-flight push to end. */
  private static final Duration RETRY_WHEN_BUSY = Duration.ofSeconds(2);

  /** Enough time for a partition to find a new leader. */
  private static final Duration RETRY_WHEN_AWAY = Duration.ofSeconds(10);

  /** How long in-flight requests may take when ingest stops. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(15);

  private final ScanIntake intake;
  private final LabelPublisher labels;
  private final ErasureRoute erasure;
  private final IngestMetrics metrics;
  private final Tracing tracing;
  private final long maxScanBytes;
  private final PushSlots slots;

  /** One permit for each in-flight request, until it is answered. */
  private final Semaphore underWay = new Semaphore(Integer.MAX_VALUE);

  private volatile boolean closing;

  HttpRoutes(
      IngestConfig config,
      ScanIntake intake,
      LabelPublisher labels,
      ErasureRoute erasure,
      IngestMetrics metrics,
      Tracing tracing) {
    this.intake = intake;
    this.labels = labels;
    this.erasure = erasure;
    this.metrics = metrics;
    this.tracing = tracing;
    this.maxScanBytes = config.maxScanBytes();
    this.slots = new PushSlots(config.maxConcurrentPushes(), config.maxPushShare());
    metrics.pushes(slots::taken, config.maxConcurrentPushes());
  }

  @Override
  public void accept(RoutesConfig http) {
    http.post("/scans", unlessClosing(new TracedRoute(tracing, this::postScan)), HttpRole.PUSH);
    http.post("/labels", unlessClosing(new TracedRoute(tracing, this::postLabel)), HttpRole.LABEL);
    http.delete("/scans/{id}", unlessClosing(erasure::delete), HttpRole.ADMIN);
  }

  /** Stops accepting requests, and waits for those in flight. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    if (!underWay.tryAcquire(Integer.MAX_VALUE, LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS)) {
      log.warn("cutting off in-flight requests after {} s", LAST_REQUESTS.toSeconds());
    }
  }

  private Handler unlessClosing(Handler route) {
    return context -> {
      if (!begins()) {
        Answers.retryLater(
            context, HttpStatus.SERVICE_UNAVAILABLE, RETRY_WHEN_AWAY, "ingest is stopping");
        return;
      }
      try {
        route.handle(context);
      } finally {
        underWay.release();
      }
    };
  }

  /** Requests that arrive during the shutdown must not prolong it. */
  private boolean begins() {
    if (closing || !underWay.tryAcquire()) {
      return false;
    }
    if (closing) {
      underWay.release();
      return false;
    }
    return true;
  }

  private void postScan(Context context) throws IOException {
    Outcome outcome;
    try {
      requireLength(context);
      Provenance provenance = RequestParts.provenance(context);
      // The slot is released before the answer is written.
      try (PushSlots.Slot slot = slot(context)) {
        outcome = intake.accept(new StreamedScan(context.bodyInputStream()), provenance);
      }
    } catch (RefusedRequestException e) {
      Answers.error(context, e.status(), e.getMessage());
      return;
    } catch (BusyException e) {
      busy(context, e);
      return;
    } catch (UnavailableException e) {
      away(context, e);
      return;
    } catch (IOException e) {
      log.info("a push over HTTP broke off: {}", e.toString());
      Answers.brokenOff(context, "the push broke off before its end");
      return;
    }
    Answers.outcome(context, outcome);
  }

  /** Refuses a body over the limit before it arrives. */
  private void requireLength(Context context) throws RefusedRequestException {
    long announced = context.req().getContentLengthLong();
    if (announced > maxScanBytes) {
      metrics.rejected(ScanSource.HTTP, Reason.TOO_LARGE);
      throw new RefusedRequestException(
          HttpStatus.CONTENT_TOO_LARGE,
          "scan has %d bytes, expected at most %d (%s)"
              .formatted(announced, maxScanBytes, IngestConfig.MAX_SCAN_BYTES.key()));
    }
  }

  private PushSlots.Slot slot(Context context) throws BusyException {
    try {
      return slots.take(HttpCaller.id(context));
    } catch (BusyException e) {
      metrics.unavailable(ScanSource.HTTP, e);
      throw e;
    }
  }

  private void postLabel(Context context) throws IOException {
    LabelRequest request;
    try {
      RequestParts.requireEncoding(context, Set.of("identity"));
      request = LabelRequest.read(context.bodyInputStream());
    } catch (RefusedRequestException e) {
      Answers.error(context, e.status(), e.getMessage());
      return;
    } catch (IllegalArgumentException e) {
      Answers.error(context, HttpStatus.BAD_REQUEST, e.getMessage());
      return;
    } catch (IOException e) {
      log.info("a label broke off: {}", e.toString());
      Answers.brokenOff(context, "the label broke off before its end");
      return;
    }
    try {
      Finding finding = Provenance.finding("finding", request.finding());
      Receipt receipt = labels.publish(request.scanId(), finding, request.annotator());
      metrics.labeled();
      log.info("scan {}: labeled {}", receipt.scanId(), finding);
      Answers.receipt(context, HttpStatus.ACCEPTED, receipt);
    } catch (IllegalArgumentException e) {
      Answers.error(context, HttpStatus.BAD_REQUEST, e.getMessage());
    } catch (UnavailableException e) {
      log.warn("could not publish a label for now: {}", e.getMessage());
      away(context, e);
    }
  }

  private static void busy(Context context, BusyException e) throws IOException {
    Answers.retryLater(context, HttpStatus.TOO_MANY_REQUESTS, RETRY_WHEN_BUSY, e.getMessage());
  }

  private static void away(Context context, UnavailableException e) throws IOException {
    Answers.retryLater(context, HttpStatus.SERVICE_UNAVAILABLE, RETRY_WHEN_AWAY, e.getMessage());
  }
}
