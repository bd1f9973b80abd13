package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits on clients, over real connections. */
@Timeout(60)
class HttpLimitsTest {
  private static final String POST = "POST /scans HTTP/1.1\r\nHost: localhost\r\n";

  @Test
  void refusesHeadersOver16KiB() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of())) {
      String get = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n";

      assertThat(fixture.statusOf(get.formatted("x".repeat(15 << 10)))).isEqualTo(200);
      assertThat(fixture.statusOf(get.formatted("x".repeat(16 << 10)))).isEqualTo(431);
    }
  }

  @Test
  void cutsOffABodyThatTrickles() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-min-body-rate", "1 MiB"));
        Socket socket = fixture.connect()) {
      OutputStream out = socket.getOutputStream();
      out.write((POST + "Content-Length: 1000000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(20);

      assertThat(trickle(socket, fixture)).isEqualTo(408);
    }
  }

  /** Sends the header of a request whose body follows. */
  private static OutputStream post(Socket socket, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        (POST + "Content-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return out;
  }

  /** Sends a byte every 31 s until the server answers. */
  private static int trickle(Socket socket, ServerFixture fixture) throws IOException {
    for (int sent = 0; sent < 1000; sent++) {
      socket.getOutputStream().write('x');
      try {
        return ServerFixture.status(socket);
      } catch (SocketTimeoutException e) {
        fixture.passes(Duration.ofSeconds(31));
      }
    }
    throw new AssertionError("1000 bytes within 20 s and no answer");
  }

  @Test
  void doesNotCutOffABodyForASlowStart() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-min-body-rate", "1 GiB"));
        Socket socket = fixture.connect()) {
      OutputStream out = post(socket, 3);
      for (int sent = 0; sent < 3; sent++) {
        out.write('x');
        out.flush();
      }

      assertThat(ServerFixture.status(socket)).isEqualTo(200);
    }
  }

  @Test
  void acceptsATrickleWithoutALeastRate() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-min-body-rate", "0"));
        Socket socket = fixture.connect()) {
      OutputStream out = post(socket, 3);
      for (int sent = 0; sent < 3; sent++) {
        out.write('x');
        fixture.passes(Duration.ofSeconds(31));
      }

      assertThat(ServerFixture.status(socket)).isEqualTo(200);
    }
  }

  @Test
  void cutsOffABodyThatNeverComes() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-idle-timeout", "100 ms"));
        Socket socket = fixture.connect()) {
      post(socket, 9);

      assertThat(endOf(socket)).startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 2");
    }
  }

  @ParameterizedTest
  @CsvSource({"POST /nothing, 404", "POST /scans, 401", "GET /health/live, 200"})
  void doesNotWaitForTheRestOfAnUnreadBody(String request, int status) throws Exception {
    try (ServerFixture fixture =
            new ServerFixture(Map.of("http-tokens", "push = some-token-0123456789"));
        Socket socket = fixture.connect()) {
      socket
          .getOutputStream()
          .write(
              (request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(ServerFixture.status(socket)).isEqualTo(status);
    }
  }

  @Test
  void cutsOffHeadersThatDoNotEnd() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of("http-idle-timeout", "100 ms"));
        Socket socket = fixture.connect()) {
      socket.getOutputStream().write(POST.getBytes(StandardCharsets.US_ASCII));

      assertThat(endOf(socket)).doesNotStartWith("HTTP/1.1 2");
    }
  }

  @Test
  void cutsOffHeadersThatTrickle() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of());
        Socket socket = fixture.connect()) {
      socket.getOutputStream().write((POST + "X: ").getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(20);

      assertThat(isClosedWithinAnHour(socket, fixture)).isTrue();
    }
  }

  /** Sends a byte every 31 s. */
  private static boolean isClosedWithinAnHour(Socket socket, ServerFixture fixture)
      throws IOException {
    for (int sent = 0; sent < 116; sent++) {
      try {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        fixture.passes(Duration.ofSeconds(31));
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  @Test
  void eachRequestOfAConnectionHasItsOwnDeadline() throws Exception {
    try (ServerFixture fixture = new ServerFixture(Map.of());
        Socket socket = fixture.connect()) {
      for (int request = 0; request < 3; request++) {
        socket
            .getOutputStream()
            .write((POST + "Content-Length: 1\r\n\r\nx").getBytes(StandardCharsets.US_ASCII));
        assertThat(ServerFixture.status(socket)).isEqualTo(200);
        skipRestOfAnswer(socket, "1");
        fixture.passes(Duration.ofSeconds(31));
      }
    }
  }

  private static void skipRestOfAnswer(Socket socket, String body) throws IOException {
    StringBuilder rest = new StringBuilder();
    while (!rest.toString().endsWith("\r\n\r\n" + body)) {
      rest.append((char) socket.getInputStream().read());
    }
  }

  /** Bytes up to the end of the connection. */
  private static String endOf(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException e) {
      return "";
    }
  }
}
