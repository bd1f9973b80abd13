package org.pneumostream.runtime;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.http.HttpRole;
import org.pneumostream.settings.Settings;

/** The server as in a service, with a route for each role and a clock that the test moves. */
final class ServerFixture implements AutoCloseable {
  final OperationsServer server = new OperationsServer("ingest");
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong nanoTime = new AtomicLong();

  ServerFixture(Map<String, String> settings) {
    server.start(
        new IdleService("ingest", 0),
        HttpConfig.from(Settings.of(HttpConfig.ALL, settings)),
        0,
        ServerFixture::addRoutes,
        nanoTime::get);
  }

  private static void addRoutes(RoutesConfig http) {
    http.post("/scans", ServerFixture::countBody, HttpRole.PUSH);
    http.post("/labels", ServerFixture::countBody, HttpRole.LABEL);
    http.post("/unmarked", ServerFixture::countBody);
    http.post(
        "/broken",
        context -> {
          throw new IllegalStateException("patient Doe^Jane");
        },
        HttpRole.PUSH);
    http.post(
        "/exhausted",
        context -> {
          throw new StackOverflowError("patient Doe^Jane");
        },
        HttpRole.PUSH);
  }

  private static void countBody(Context context) throws IOException {
    context.result(Integer.toString(context.bodyInputStream().readAllBytes().length));
  }

  void passes(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  /**
   * Sends a request with a short body.
   *
   * @param token bearer token; empty for none
   */
  HttpResponse<String> send(String method, String path, String token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString("four") : BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  int status(String method, String path, String token) throws IOException, InterruptedException {
    return send(method, path, token).statusCode();
  }

  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Status of the answer to a raw request, which no client library would send. */
  int statusOf(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return status(socket);
    }
  }

  /** The whole answer to a request that closes the connection. */
  String answerTo(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Status of the answer, from a line such as {@code HTTP/1.1 202 Accepted}. */
  static int status(Socket socket) throws IOException {
    byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 202".length());
    return Integer.parseInt(new String(start, 9, 3, StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    server.close();
  }
}
