package org.pneumostream.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Apicurio Registry with Confluent's API, in a child JVM. Its schemas are in an H2 file, so that
 * their ids survive restarts.
 */
public final class EmbeddedRegistry implements AutoCloseable {
  /**
   * System property with the folder of the unpacked registry; the build and the launcher set it.
   */
  public static final String HOME_PROPERTY = "pneumostream.registry.home";

  static final String NAME = "registry";

  private static final String RUNNER = "apicurio-registry-app-3.0.9-runner.jar";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

  private final ChildProcess process;
  private final String url;

  private EmbeddedRegistry(ChildProcess process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a registry; {@link #awaitReady} waits for it. */
  public static EmbeddedRegistry start(DataDirectory data, int port) {
    int free = FreePort.check("registry-port", port);
    Map<String, String> environment =
        Map.of(
            "QUARKUS_HTTP_HOST",
            "127.0.0.1",
            "QUARKUS_HTTP_PORT",
            Integer.toString(free),
            "APICURIO_STORAGE_KIND",
            "sql",
            "APICURIO_STORAGE_SQL_KIND",
            "h2",
            "APICURIO_DATASOURCE_URL",
            "jdbc:h2:file:" + data.resolve("registry") + "/registry;DB_CLOSE_ON_EXIT=FALSE");
    List<String> arguments =
        List.of(
            "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", runner().toString());
    return new EmbeddedRegistry(
        ChildProcess.start(NAME, data, environment, arguments),
        "http://127.0.0.1:" + free + "/apis/ccompat/v7");
  }

  /** Waits until the registry answers. */
  public EmbeddedRegistry awaitReady() {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest subjects =
        HttpRequest.newBuilder(URI.create(url + "/subjects"))
            .timeout(Duration.ofSeconds(5))
            .build();
    process.awaitReady(() -> answers(http, subjects), START_TIMEOUT);
    return this;
  }

  /** Base address of Confluent's API. */
  public String url() {
    return url;
  }

  /** Completes when the registry's process has ended. */
  public CompletableFuture<Void> ended() {
    return process.ended();
  }

  @Override
  public void close() {
    process.close();
  }

  private static Path runner() {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null || !Files.exists(Path.of(home, RUNNER))) {
      throw new IllegalStateException(
          "-D" + HOME_PROPERTY + "=" + home + ": " + RUNNER + " is missing; run the build");
    }
    return Path.of(home, RUNNER);
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
}
