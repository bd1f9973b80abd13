package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.http.LiveTokens;
import org.slf4j.LoggerFactory;

/** Access by role, over real connections. */
@Timeout(60)
class HttpAccessTest {
  private static final String PUSH = "push-token-0123456789";
  private static final String LABEL = "label-token-0123456789";
  private static final String READ = "read-token-0123456789";
  private static final String ADMIN = "admin-token-0123456789";
  private static final String STRANGER = "stranger-token-0123456789";
  private static final String TOKENS =
      "push = %s; label = %s; read = %s; admin = %s".formatted(PUSH, LABEL, READ, ADMIN);

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({
    // none, unknown, push, label, read, admin
    "POST, /scans,         401, 401, 200, 403, 403, 200",
    "POST, /labels,        401, 401, 403, 200, 403, 200",
    "GET,  /metrics,       401, 401, 403, 403, 200, 200",
    "HEAD, /metrics,       401, 401, 403, 403, 403, 200",
    "POST, /unmarked,      401, 401, 403, 403, 403, 200",
    "GET,  /health/live,   200, 200, 200, 200, 200, 200",
    "GET,  /health/ready,  200, 200, 200, 200, 200, 200",
    "GET,  /nothing,       404, 404, 404, 404, 404, 404"
  })
  void eachRouteRequiresItsRole(
      String method, String path, int none, int unknown, int push, int label, int read, int admin)
      throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens", TOKENS))) {
      assertThat(
              List.of(
                  fixture.status(method, path, ""),
                  fixture.status(method, path, STRANGER),
                  fixture.status(method, path, PUSH),
                  fixture.status(method, path, LABEL),
                  fixture.status(method, path, READ),
                  fixture.status(method, path, ADMIN)))
          .containsExactly(none, unknown, push, label, read, admin);
    }
  }

  @Test
  void unauthorizedAnswerNamesTheExpectedHeader() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens", TOKENS))) {
      HttpResponse<String> missing = fixture.send("POST", "/scans", "");
      HttpResponse<String> wrong = fixture.send("POST", "/scans", READ);

      assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(missing.body())
          .isEqualTo(
              "{\"error\":\"missing or unknown token, expected Authorization: Bearer TOKEN\"}");
      assertThat(wrong.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"insufficient_scope\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer", "BEARER", "Basic", "Bearer Bearer", ""})
  void acceptsBearerTokensOnly(String scheme) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens", TOKENS))) {
      assertThat(
              fixture.statusOf(
                  "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s %s\r\n\r\n"
                      .formatted(scheme, READ)))
          .isEqualTo(scheme.equalsIgnoreCase("bearer") ? 200 : 401);
    }
  }

  @Test
  void isOpenWithoutTokens() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      assertThat(fixture.send("POST", "/scans", "").body()).isEqualTo("4");
      assertThat(fixture.status("POST", "/unmarked", "")).isEqualTo(200);
      assertThat(fixture.status("GET", "/metrics", STRANGER)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/scans/../metrics",
        "/health/live/../../metrics",
        "/health/../metrics",
        "/scans/%2e%2e/metrics",
        "/health/live%2f..%2f..%2fmetrics",
        "//metrics",
        "/health//../metrics",
        "/metrics/",
        "/metrics;a=/health/live",
        "/health/live;/../../metrics",
        "/./metrics",
        "/%6detrics",
        "/METRICS",
        "/metrics?/health/live",
        "/metrics%00",
        "/health/live\\..\\..\\metrics",
        "http://localhost/metrics",
        "http://localhost/health/live/../../metrics"
      })
  void isNotFooledByThePath(String target) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens", TOKENS))) {
      String end = " HTTP/1.1\r\nHost: localhost\r\n";
      String push = "Authorization: Bearer " + PUSH + "\r\n";

      assertThat(fixture.statusOf("GET " + target + end + "\r\n")).isIn(400, 401, 404);
      assertThat(fixture.statusOf("GET " + target + end + push + "\r\n")).isIn(400, 403, 404);
    }
  }

  @Test
  void readsAChangedTokensFileWithoutARestart() throws Exception {
    Path file = tokensFile("read = " + READ);
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens-file", file.toString()))) {
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(200);

      Files.writeString(file, "read = " + ADMIN);
      assertThat(fixture.status("GET", "/metrics", ADMIN)).isEqualTo(401);
      fixture.passes(Duration.ofSeconds(1));
      assertThat(fixture.status("GET", "/metrics", ADMIN)).isEqualTo(200);
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(401);
    }
  }

  /** Even if the file held all tokens and none is left, nobody gets access without one. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesTheTokensOfAFileThatStaysInvalid(boolean hasOthers) throws Exception {
    Path file = tokensFile("read = " + READ);
    try (ServerFixture fixture =
        new ServerFixture(
            Map.of(
                "http-tokens-file",
                file.toString(),
                "http-tokens",
                hasOthers ? "admin = " + ADMIN : "",
                "http-tokens-grace",
                "2 m"))) {
      assertThat(fixture.status("GET", "/health/ready", "")).isEqualTo(200);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      fixture.passes(Duration.ofSeconds(1));

      HttpResponse<String> ready = fixture.send("GET", "/health/ready", "");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("http-tokens-file", "chmod o-rwx", "for 120 s");
      assertThat(fixture.status("GET", "/health/live", "")).isEqualTo(200);
      fixture.passes(Duration.ofSeconds(119));
      String metrics = fixture.send("GET", "/metrics", READ).body();
      assertThat(metrics)
          .contains("pneumostream_http_tokens_invalid_seconds{service=\"ingest\"} 119.0")
          .contains("pneumostream_service_ready{service=\"ingest\"} 0");

      fixture.passes(Duration.ofSeconds(1));
      for (String token : List.of(READ, STRANGER, "")) {
        HttpResponse<String> refused = fixture.send("GET", "/metrics", token);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("60");
        assertThat(refused.body()).contains("http-tokens-file");
      }
      assertThat(fixture.status("GET", "/metrics", ADMIN)).isEqualTo(hasOthers ? 200 : 503);
      assertThat(fixture.status("GET", "/health/ready", "")).isEqualTo(503);

      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      fixture.passes(Duration.ofSeconds(1));
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(200);
      assertThat(fixture.status("GET", "/health/ready", "")).isEqualTo(200);
    }
  }

  @Test
  void limitsRequestsByTokenAndElseByAddress() throws Exception {
    try (ServerFixture fixture =
        new ServerFixture(Map.of("http-tokens", TOKENS, "http-rate-limit", "2"))) {
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(200);
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(200);
      HttpResponse<String> third = fixture.send("GET", "/metrics", READ);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).contains("30");
      assertThat(third.body()).contains("http-rate-limit");

      // Other clients, including guessers, have their own limit; health has none.
      assertThat(fixture.status("GET", "/metrics", ADMIN)).isEqualTo(200);
      assertThat(fixture.status("GET", "/metrics", STRANGER)).isEqualTo(401);
      assertThat(fixture.status("GET", "/metrics", "")).isEqualTo(401);
      assertThat(fixture.status("GET", "/metrics", "other-" + STRANGER)).isEqualTo(429);
      assertThat(fixture.status("GET", "/health/live", "")).isEqualTo(200);

      fixture.passes(Duration.ofSeconds(30));
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(200);
      assertThat(fixture.status("GET", "/metrics", READ)).isEqualTo(429);
    }
  }

  @Test
  void countsRefusalsAndNeverShowsTokens() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Logger quiet = (Logger) LoggerFactory.getLogger(LiveTokens.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    // As in a running service.
    root.setLevel(Level.INFO);
    quiet.setLevel(Level.INFO);
    Path file = tokensFile(TOKENS);
    StringBuilder told = new StringBuilder();
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens-file", file.toString()))) {
      for (String token : List.of(PUSH, READ, STRANGER)) {
        for (String path : List.of("/metrics", "/nothing", "/metrics?token=x")) {
          told.append(fixture.send("GET", path, token))
              .append(fixture.send("GET", path, token).body());
        }
      }
      Files.writeString(file, READ + " = read");
      fixture.passes(Duration.ofSeconds(1));
      HttpResponse<String> metrics = fixture.send("GET", "/metrics", READ);
      told.append(metrics.body());

      assertThat(metrics.body())
          .contains(requests("CLIENT_ERROR", 401) + " 4")
          .contains(requests("CLIENT_ERROR", 403) + " 4");
    } finally {
      root.detachAppender(log);
      root.setLevel(Level.ERROR);
      quiet.setLevel(Level.OFF);
    }
    log.list.forEach(event -> told.append(event.getFormattedMessage()));
    assertThat(told.toString())
        .contains("the tokens read before stay valid")
        .doesNotContain(PUSH, READ, STRANGER, LABEL, ADMIN);
  }

  private static String requests(String outcome, int status) {
    return "http_server_requests_seconds_count{method=\"GET\",outcome=\"%s\",service=\"ingest\",status=\"%d\",uri=\"/metrics\"}"
        .formatted(outcome, status);
  }

  private Path tokensFile(String text) throws Exception {
    Path file =
        Files.createFile(
            temp.resolve("tokens"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    return Files.writeString(file, text);
  }
}
