package org.pneumostream.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pneumostream.cli.Pneumostream;
import org.pneumostream.standalone.FreePort;

/** {@code ./pneumostream ingest} as a process with its own heap. */
final class IngestProcess implements AutoCloseable {
  private static final int POLL_MILLIS = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = FreePort.check("ingest-port", 0);
  private final Process process;

  /**
   * @param heap largest heap, as for {@code -Xmx}; direct buffers may take as much
   * @param settings include the data directory, which holds its log
   */
  IngestProcess(String heap, Map<String, String> settings) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:MaxDirectMemorySize=" + heap,
                // As in the launcher; G1 would need contiguous regions for each array.
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Pneumostream.class.getName(),
                "ingest",
                "--set",
                "ingest-port=" + port));
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command);
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(Path.of(settings.get("data-dir"), "ingest.log").toFile())
            .start();
  }

  int port() {
    return port;
  }

  IngestProcess awaitReady() throws InterruptedException {
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    while (!isReady()) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) || Instant.now().isAfter(end)) {
        throw new AssertionError("ingest is not ready, its process: " + process);
      }
    }
    return this;
  }

  boolean isReady() throws InterruptedException {
    URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
    try {
      return http.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
