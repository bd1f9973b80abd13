package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a page can make a browser send, over real connections. */
@Timeout(60)
class BrowserGuardTest {
  private static final String TOKEN = "some-token-0123456789";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: http://localhost:81",
        "Origin: http://127.0.0.1",
        "Origin: null",
        "Origin:",
        "Origin: localhost",
        "Origin: http://localhost\r\nOrigin: https://evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: Cross-Site",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Origin: http://localhost\r\nSec-Fetch-Site: cross-site"
      })
  void refusesRequestsOfForeignPages(String header) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      for (String request : new String[] {"POST /scans", "POST /unmarked", "GET /metrics"}) {
        assertThat(status(fixture, request, "localhost", header)).as(request).isEqualTo(403);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Accept: */*",
        "Sec-Fetch-Site: none",
        "Sec-Fetch-Site: same-origin",
        "Origin: http://localhost",
        "Origin: HTTP://LOCALHOST",
        "Origin: http://localhost:80",
        "Origin: https://localhost:443",
        "Origin: http://localhost\r\nSec-Fetch-Site: same-origin"
      })
  void acceptsItsOwnPagesAndOtherClients(String header) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      assertThat(status(fixture, "POST /scans", "localhost", header)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1.evil.example:8080",
        "1.2.3",
        "0x7f.1",
        "[::1].evil.example",
        "a@localhost",
        "scans.example.org.evil.example"
      })
  void refusesUnknownHostNames(String host) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-hosts", "scans.example.org"))) {
      assertThat(status(fixture, "POST /scans", host, "Accept: */*")).isIn(400, 403);
      assertThat(status(fixture, "GET /health/ready", host, "Accept: */*")).isIn(400, 403);
      assertThat(status(fixture, "GET /nothing", host, "Accept: */*")).isIn(400, 403);
    }
  }

  /** Nobody can make an IP address resolve elsewhere. Kubelets probe by address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "127.0.0.1:8080",
        "127.1.2.3",
        "[::1]:8080",
        "10.1.2.3:8080",
        "[fd00::1]",
        "scans.example.org",
        "SCANS.example.org:443",
        "ct-2"
      })
  void acceptsAddressesLoopbackNamesAndConfiguredNames(String host) throws Exception {
    try (ServerFixture fixture =
        new ServerFixture(Map.of("http-hosts", "scans.example.org, ct-2"))) {
      assertThat(status(fixture, "POST /scans", host, "Accept: */*")).isEqualTo(200);
    }
  }

  @Test
  void acceptsAPageOfAConfiguredNameBehindAProxyThatRewritesHost() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-hosts", "scans.example.org"))) {
      assertThat(status(fixture, "POST /scans", "127.0.0.1", "Origin: https://scans.example.org"))
          .isEqualTo(200);
    }
  }

  @Test
  void acceptsARequestWithoutHost() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      assertThat(fixture.statusOf("GET /metrics HTTP/1.0\r\n\r\n")).isEqualTo(200);
    }
  }

  /** With tokens the host name does not matter: no page has a token, and browsers add none. */
  @ParameterizedTest
  @CsvSource({
    "Accept: */*, 200",
    "Origin: https://evil.example, 403",
    "Sec-Fetch-Site: cross-site, 403"
  })
  void ignoresTheHostNameIfTokensAreRequired(String header, int status) throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-tokens", "push = " + TOKEN))) {
      assertThat(
              status(
                  fixture,
                  "POST /scans",
                  "ingest.pneumostream.svc:8080",
                  header + "\r\nAuthorization: Bearer " + TOKEN))
          .isEqualTo(status);
    }
  }

  @Test
  void refusalNamesTheFaultAndTheRemedy() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      assertThat(fixture.answerTo(request("POST /scans", "evil.example", "Accept: text/html")))
          .contains("Content-Type: application/json")
          .endsWith(
              "{\"error\":\"Host: 'evil.example' is not a name of this service, expected"
                  + " an IP address, localhost or one of http-hosts\"}");
      assertThat(
              fixture.answerTo(request("POST /scans", "localhost", "Origin: https://evil.example")))
          .endsWith(
              "{\"error\":\"Origin: 'https://evil.example' is not this service;"
                  + " if it is one of its names, add it to http-hosts\"}");
    }
  }

  private static int status(ServerFixture fixture, String request, String host, String header)
      throws Exception {
    return fixture.statusOf(request(request, host, header));
  }

  private static String request(String request, String host, String header) {
    return "%s HTTP/1.1\r\nHost: %s\r\n%s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        .formatted(request, host, header);
  }
}
