package org.pneumostream.ingest;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpStatus;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pneumostream.schemas.ScanSource;

/** Query and headers of a request. */
final class RequestParts {
  private static final String LABEL = "label";
  private static final String STUDY = "study";

  private RequestParts() {}

  /**
   * Reads what a push says about its scan.
   *
   * @throws RefusedRequestException with 400 for an invalid or repeated query parameter, and with
   *     415 for a body that is not the file itself
   */
  static Provenance provenance(Context context) throws RefusedRequestException {
    for (Map.Entry<String, List<String>> parameter : context.queryParamMap().entrySet()) {
      String name = Provenance.printable(parameter.getKey());
      if (!Set.of(LABEL, STUDY).contains(parameter.getKey())) {
        throw new RefusedRequestException(
            HttpStatus.BAD_REQUEST, "unknown parameter '" + name + "', expected label or study");
      }
      if (parameter.getValue().size() > 1) {
        throw new RefusedRequestException(
            HttpStatus.BAD_REQUEST,
            "%s: given %d times, expected once".formatted(name, parameter.getValue().size()));
      }
    }
    String type = Optional.ofNullable(context.contentType()).orElse("");
    if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      throw new RefusedRequestException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type: '%s', expected the file itself as the body"
              .formatted(Provenance.printable(type)));
    }
    // A gzipped file and a file with gzip transfer encoding are the same scan.
    requireEncoding(context, Set.of("gzip", "x-gzip", "identity"));
    try {
      return new Provenance(
          ScanSource.HTTP,
          Optional.ofNullable(context.queryParam(STUDY)),
          Optional.ofNullable(context.queryParam(LABEL))
              .map(label -> Provenance.finding(LABEL, label)));
    } catch (IllegalArgumentException e) {
      throw new RefusedRequestException(HttpStatus.BAD_REQUEST, e.getMessage());
    }
  }

  /**
   * Refuses a body with an unknown encoding.
   *
   * @throws RefusedRequestException with 415
   */
  static void requireEncoding(Context context, Set<String> known) throws RefusedRequestException {
    for (String header : Collections.list(context.req().getHeaders(Header.CONTENT_ENCODING))) {
      for (String encoding : header.split(",")) {
        if (!known.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
          String expected = known.contains("gzip") ? "gzip" : "identity";
          context.header(Header.ACCEPT_ENCODING, expected);
          throw new RefusedRequestException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "%s: '%s', expected %s or none"
                  .formatted(Header.CONTENT_ENCODING, Provenance.printable(header), expected));
        }
      }
    }
  }
}
