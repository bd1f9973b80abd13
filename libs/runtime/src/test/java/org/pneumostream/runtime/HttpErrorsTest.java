package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error has the API's form, whatever raises it and whatever the client accepts. */
@Timeout(60)
class HttpErrorsTest {
  private static final String LONG = "x".repeat(17 << 10);

  @AutoClose private final ServerFixture fixture = new ServerFixture(Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | GET /metrics HTTP/1.1",
        "400 | GET /metrics HTTP/1.1; Host: a; Host: b",
        "400 | GET /%zz HTTP/1.1; Host: localhost",
        "400 | GET /%00 HTTP/1.1; Host: localhost",
        "400 | GET /health/%2e%2e/metrics HTTP/1.1; Host: localhost",
        "400 | GET /metrics HTTP/1.1; Host: localhost; Content-Length: x",
        "404 | GET /nothing HTTP/1.1; Host: localhost",
        "404 | POST /nothing HTTP/1.1; Host: localhost; Content-Length: 0",
        "405 | GET /scans HTTP/1.1; Host: localhost",
        "414 | GET /LONG HTTP/1.1; Host: localhost",
        "426 | GET /metrics HTTP/2.0; Host: localhost",
        "431 | GET /metrics HTTP/1.1; Host: localhost; X: LONG",
        "500 | POST /broken HTTP/1.1; Host: localhost; Content-Length: 0",
        "500 | POST /exhausted HTTP/1.1; Host: localhost; Content-Length: 0",
        "501 | MAKE /scans HTTP/1.1; Host: localhost",
        "501 | BEFORE /scans HTTP/1.1; Host: localhost",
        "505 | GET /metrics HTTP/3.7; Host: localhost"
      })
  void everyErrorHasTheApisForm(int status, String request) throws Exception {
    for (String accept : new String[] {"*/*", "text/html", "text/plain", "image/png"}) {
      String answer =
          fixture.answerTo(
              request.replace("; ", "\r\n").replace("LONG", LONG)
                  + "\r\nAccept: "
                  + accept
                  + "\r\nConnection: close\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).containsIgnoringCase("\r\nContent-Type: application/json");
      JsonNode body = new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
      assertThat(body.fieldNames()).toIterable().containsExactly("error");
      assertThat(body.get("error").asText()).isNotBlank();
    }
  }

  @Test
  void aMalformedBodyGetsAnErrorOfTheApisForm() throws Exception {
    String answer =
        fixture.answerTo(
            "POST /scans HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("{\"error\":\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET    | /scans   | POST",
        "DELETE | /labels  | POST",
        "PUT    | /scans   | POST",
        "POST   | /metrics | GET, HEAD",
        "OPTIONS | /health/live | GET, HEAD"
      })
  void aWrongMethodIsAnsweredWithTheAllowedOnes(String method, String path, String allowed)
      throws Exception {
    HttpResponse<String> answer = fixture.send(method, path, "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":\"method %s is not allowed for this path, expected %s\"}"
                .formatted(method, allowed));
  }

  /** Each value of a tag is kept for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"MAKE", "make", "BEFORE"})
  void metricsDoNotContainInventedMethods(String method) throws Exception {
    fixture.statusOf(method + " /scans HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(fixture.send("GET", "/metrics", "").body())
        .contains("method=\"unknown\"")
        .doesNotContain("method=\"" + method + "\"");
  }

  @Test
  void internalErrorDoesNotRevealItsCause() throws Exception {
    assertThat(fixture.send("POST", "/broken", "").body())
        .isEqualTo("{\"error\":\"internal error; see the service's log\"}");
  }
}
