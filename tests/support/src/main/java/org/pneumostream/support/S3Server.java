package org.pneumostream.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** An S3 server in a child JVM: Adobe's S3Mock, with one bucket and its objects in a directory. */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "scans";

  /** Property with the server's jar; the build sets it. */
  private static final String JAR = "pneumostream.s3mock.jar";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private final Process process;
  private final Path log;
  private final int port;

  private S3Server(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Starts a server; {@link #awaitReady} waits for it. */
  public static S3Server start(Path directory) throws IOException {
    Files.createDirectories(directory);
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            Objects.requireNonNull(System.getProperty(JAR), JAR),
            "--com.adobe.testing.s3mock.http-port=" + port,
            // Its port for TLS: any.
            "--server.port=0",
            "--com.adobe.testing.s3mock.store.root=" + directory.resolve("objects"),
            "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET);
    // The allocator settings suit the network's large temporaries, and waste memory here.
    builder.environment().keySet().removeIf(key -> key.startsWith("MALLOC_"));
    Path log = directory.resolve("s3.log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new S3Server(builder.start(), log, port);
  }

  /**
   * Waits until the server answers.
   *
   * @throws IllegalStateException with the server's log, if it ends or does not answer in time
   */
  public S3Server awaitReady() throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest list = HttpRequest.newBuilder(URI.create(url() + "/" + BUCKET)).build();
    Instant end = Instant.now().plus(START_TIMEOUT);
    while (!answers(http, list)) {
      if (Instant.now().isAfter(end) || process.waitFor(50, TimeUnit.MILLISECONDS)) {
        close();
        throw new IllegalStateException("the S3 server does not answer: " + log());
      }
    }
    return this;
  }

  public int port() {
    return port;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
