package org.pneumostream.ingest;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.pneumostream.ledger.Erased;
import org.pneumostream.scanstore.OtherScanStoreException;
import org.pneumostream.schemas.ScanId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DELETE /scans/{id}}. One erasure at a time, since each reads whole topics. Answers 200
 * with the result; 400 for an invalid scan id; 403 if Kafka does not let ingest erase; 404 if the
 * scan id is unknown; 409 if the scan's file is in another scan store than ingest's; 429 while
 * another erasure is in progress; 503 while Kafka or the scan store is unavailable.
 */
final class ErasureRoute {
  private static final Logger log = LoggerFactory.getLogger(ErasureRoute.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** {@link org.pneumostream.ledger.Erasure#erase}. */
  @FunctionalInterface
  interface Erasing {
    Optional<Erased> erase(String scanId) throws IOException;
  }

  private final Erasing erasing;
  private final Consumer<String> onErased;
  private final Semaphore free = new Semaphore(1);

  /**
   * @param onErased receives the id of each erased scan
   */
  ErasureRoute(Erasing erasing, Consumer<String> onErased) {
    this.erasing = erasing;
    this.onErased = onErased;
  }

  void delete(Context context) throws IOException {
    String scanId;
    try {
      scanId = ScanId.require("scanId", context.pathParam("id"));
    } catch (IllegalArgumentException e) {
      Answers.error(context, HttpStatus.BAD_REQUEST, e.getMessage());
      return;
    }
    if (!free.tryAcquire()) {
      Answers.retryLater(
          context,
          HttpStatus.TOO_MANY_REQUESTS,
          RETRY,
          "another erasure is in progress; retry shortly");
      return;
    }
    try {
      answer(context, scanId, erase(scanId));
    } catch (AuthorizationException e) {
      Answers.error(
          context,
          HttpStatus.FORBIDDEN,
          "Kafka does not let this ingest erase scans: " + e.getMessage());
    } catch (OtherScanStoreException e) {
      log.warn("could not erase scan {}: {}", scanId, e.getMessage());
      Answers.error(context, HttpStatus.CONFLICT, e.getMessage());
    } catch (IOException | KafkaException e) {
      log.warn("could not erase scan {} for now: {}", scanId, e.toString());
      Answers.retryLater(context, HttpStatus.SERVICE_UNAVAILABLE, RETRY, why(e));
    }
  }

  /** The next erasure may begin before this one's answer is written. */
  private Optional<Erased> erase(String scanId) throws IOException {
    try {
      return erasing.erase(scanId);
    } finally {
      free.release();
    }
  }

  /** The JDK has exceptions without a message, such as that of a closed channel. */
  private static String why(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  private void answer(Context context, String scanId, Optional<Erased> erased) throws IOException {
    if (erased.isEmpty()) {
      Answers.error(context, HttpStatus.NOT_FOUND, "unknown scan " + scanId);
      return;
    }
    onErased.accept(scanId);
    log.info("scan {}: erased", scanId);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("scanId", scanId);
    body.put("topics", erased.get().topics());
    body.put("files", erased.get().files());
    body.put("seenBy", erased.get().seenBy());
    body.put("maybeSeenBy", erased.get().maybeSeenBy());
    context.status(HttpStatus.OK).json(body);
  }
}
