package org.pneumostream.ingest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.BadMessageException;
import org.pneumostream.ingest.RejectedScanException.Reason;

/** Answers of the HTTP door in JSON: the record's place or {@code {"error": "..."}}. */
final class Answers {
  /**
   * How much of a refused body is still read, and for how long. A client that writes before it
   * reads then receives its answer instead of a broken pipe.
   */
  private static final long LINGER_BYTES = 64L << 20;

  private static final Duration LINGER = Duration.ofSeconds(10);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  /** 202, or 200 for a known scan, with the record's place; or 4xx with the reason. */
  static void outcome(Context context, Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Accepted accepted) {
      receipt(
          context,
          accepted.alreadyThere() ? HttpStatus.OK : HttpStatus.ACCEPTED,
          accepted.receipt());
    } else if (outcome instanceof Outcome.Rejected rejected) {
      error(
          context,
          rejected.reason() == Reason.TOO_LARGE
              ? HttpStatus.CONTENT_TOO_LARGE
              : HttpStatus.BAD_REQUEST,
          rejected.message());
    }
  }

  static void receipt(Context context, HttpStatus status, Receipt receipt) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("scanId", receipt.scanId());
    body.put("topic", receipt.topic());
    body.put("partition", receipt.partition());
    body.put("offset", receipt.offset());
    context.status(status).json(body);
  }

  /** Asks the client to retry later. */
  static void retryLater(Context context, HttpStatus status, Duration after, String message)
      throws IOException {
    context.header(Header.RETRY_AFTER, Long.toString(after.toSeconds()));
    error(context, status, message);
  }

  /** Answers at once, then reads what the client is still sending, within limits. */
  static void error(Context context, HttpStatus status, String message) throws IOException {
    write(context, status, message);
    // A client that asks before it sends (Expect: 100-continue) has not sent a body.
    if (context.header(Header.EXPECT) == null) {
      drain(context.bodyInputStream());
    }
  }

  /** Answers a client whose body broke off; there is nothing more to read. */
  static void brokenOff(Context context, String message) throws IOException {
    write(context, HttpStatus.BAD_REQUEST, message);
  }

  private static void write(Context context, HttpStatus status, String message) throws IOException {
    byte[] body =
        JSON.writeValueAsString(Map.of("error", message)).getBytes(StandardCharsets.UTF_8);
    context.status(status).contentType(ContentType.APPLICATION_JSON);
    context.header(Header.CONTENT_LENGTH, Integer.toString(body.length));
    // What the client still sends is not the start of its next request.
    context.header(Header.CONNECTION, "close");
    context.res().getOutputStream().write(body);
    context.res().flushBuffer();
  }

  private static void drain(InputStream rest) {
    long until = System.nanoTime() + LINGER.toNanos();
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = LINGER_BYTES;
    try {
      int read = rest.read(buffer);
      while (read >= 0 && left > 0 && System.nanoTime() < until) {
        left -= read;
        read = rest.read(buffer);
      }
    } catch (IOException | BadMessageException e) {
      // The client has disconnected or is too slow, so there is nothing more to do.
    }
  }
}
