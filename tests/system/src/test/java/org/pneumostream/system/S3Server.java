package org.pneumostream.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.pneumostream.standalone.ChildProcess;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.FreePort;

/** An S3 server in a child JVM: Adobe's S3Mock, with one bucket. */
final class S3Server implements AutoCloseable {
  static final String BUCKET = "scans";

  /** Property with the server's jar; the build sets it. */
  private static final String JAR = "pneumostream.s3mock.jar";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final DataDirectory data;
  private final ChildProcess process;
  private final int port;

  private S3Server(DataDirectory data, ChildProcess process, int port) {
    this.data = data;
    this.process = process;
    this.port = port;
  }

  /** Starts a server; {@link #awaitReady} waits for it. */
  static S3Server start(Path directory) {
    DataDirectory data = DataDirectory.hold(directory);
    int port = FreePort.check("s3-port", 0);
    List<String> arguments =
        List.of(
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            System.getProperty(JAR),
            "--com.adobe.testing.s3mock.http-port=" + port,
            // Its port for TLS: any.
            "--server.port=0",
            "--com.adobe.testing.s3mock.store.root=" + data.resolve("objects"),
            "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET);
    return new S3Server(data, ChildProcess.start("s3", data, Map.of(), arguments), port);
  }

  S3Server awaitReady() {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest list = HttpRequest.newBuilder(URI.create(url() + "/" + BUCKET)).build();
    process.awaitReady(() -> answers(http, list), START_TIMEOUT);
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  private static boolean answers(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    process.close();
    data.close();
  }
}
