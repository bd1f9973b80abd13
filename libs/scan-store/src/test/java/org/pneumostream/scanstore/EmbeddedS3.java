package org.pneumostream.scanstore;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** An S3 server in a child JVM: Adobe's S3Mock, with its objects in a directory. */
final class EmbeddedS3 implements AutoCloseable {
  /** Property with the server's jar; the build sets it. */
  private static final String JAR = "pneumostream.s3mock.jar";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private EmbeddedS3(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a server that has this bucket, and waits until it answers. */
  static EmbeddedS3 start(Path directory, String bucket) throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            System.getProperty(JAR),
            "--com.adobe.testing.s3mock.http-port=" + port,
            // Its port for TLS: any.
            "--server.port=0",
            "--com.adobe.testing.s3mock.store.root=" + directory.resolve("objects"),
            "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket);
    // The allocator settings suit the network's large temporaries, and waste memory here.
    builder.environment().keySet().removeIf(key -> key.startsWith("MALLOC_"));
    Path log = directory.resolve("s3.log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    EmbeddedS3 s3 = new EmbeddedS3(builder.start(), port);
    try {
      s3.await(bucket);
    } catch (IllegalStateException e) {
      s3.close();
      throw new IllegalStateException(Files.readString(log), e);
    }
    return s3;
  }

  int port() {
    return port;
  }

  private void await(String bucket) throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + bucket)).build();
    Instant end = Instant.now().plus(PATIENCE);
    while (!answers(http, list)) {
      if (Instant.now().isAfter(end) || process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the S3 server does not answer");
      }
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
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
