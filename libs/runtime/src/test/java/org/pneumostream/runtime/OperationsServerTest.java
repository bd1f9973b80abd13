package org.pneumostream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.util.Jetty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.settings.Settings;

class OperationsServerTest {
  private static final String READY = "pneumostream_service_ready{service=\"scorer\"}";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final OperationsServer server = new OperationsServer("scorer");
  private volatile String waitingFor = "";

  @BeforeEach
  void start() {
    server.start(
        new Told(),
        HttpConfig.from(Settings.of(HttpConfig.ALL, Map.of())),
        0,
        http -> http.get("/own", context -> context.result("the service's")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void isLiveAndReadyWhileTheServiceWorks() throws Exception {
    assertAnswer("/health/live", 200, Map.of("status", "up", "waitingFor", ""));
    assertAnswer("/health/ready", 200, Map.of("status", "up", "waitingFor", ""));
  }

  @Test
  void isLiveButNotReadyWhileTheServiceWaits() throws Exception {
    waitingFor = "a \"champion\"";

    assertAnswer("/health/live", 200, Map.of("status", "up", "waitingFor", ""));
    assertAnswer("/health/ready", 503, Map.of("status", "down", "waitingFor", "a \"champion\""));

    waitingFor = "";
    assertAnswer("/health/ready", 200, Map.of("status", "up", "waitingFor", ""));
  }

  @Test
  void isNeitherOnceTheServiceHasStopped() throws Exception {
    stopped.complete(null);

    assertStopped();
  }

  @Test
  void isNeitherOnceTheServiceHasFailed() throws Exception {
    waitingFor = "a champion";
    stopped.completeExceptionally(new IllegalStateException("out of memory"));

    assertStopped();
  }

  @Test
  void servesMetricsAsPrometheusText() throws Exception {
    server.metrics().counter("scans.scored").increment(3);

    HttpResponse<String> answer = get("/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    List<String> samples = answer.body().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(samples).contains("scans_scored_total{service=\"scorer\"} 3.0");
    assertThat(samples).allMatch(sample -> sample.contains("service=\"scorer\""));
    assertThat(samples)
        .anyMatch(sample -> sample.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .anyMatch(sample -> sample.startsWith("jvm_threads_live_threads{"))
        .anyMatch(sample -> sample.startsWith("jvm_gc_live_data_size_bytes{"))
        .anyMatch(sample -> sample.startsWith("system_cpu_count{"));
  }

  @Test
  void metricShowsWhetherTheServiceIsReady() throws Exception {
    assertThat(get("/metrics").body()).contains(READY + " 1");

    waitingFor = "a champion";
    assertThat(get("/metrics").body()).contains(READY + " 0");

    waitingFor = "";
    stopped.complete(null);
    assertThat(get("/metrics").body()).contains(READY + " 0");
  }

  @Test
  void countsRequestsByRouteAndNeverByPath() throws Exception {
    get("/own");
    get("/own?patient=Doe");
    get("/Doe^Jane".replace("^", "%5E"));

    String body = get("/metrics").body();
    assertThat(body)
        .contains(
            "http_server_requests_seconds_count{method=\"GET\",outcome=\"SUCCESS\","
                + "service=\"scorer\",status=\"200\",uri=\"/own\"} 2")
        .contains(
            "http_server_requests_seconds_count{method=\"GET\",outcome=\"CLIENT_ERROR\","
                + "service=\"scorer\",status=\"404\",uri=\"unknown\"} 1")
        .doesNotContain("Doe");
  }

  @Test
  void servesTheServicesOwnRoutesAndNothingElse() throws Exception {
    assertThat(get("/own").body()).isEqualTo("the service's");
    assertThat(get("/other").statusCode()).isEqualTo(404);
  }

  /** Jetty 11 and older receive no fixes any more. */
  @Test
  void runsOnAMaintainedJetty() {
    assertThat(Runtime.Version.parse(Jetty.VERSION).feature()).isGreaterThanOrEqualTo(12);
  }

  @Test
  void stopsListeningWhenClosed() {
    int port = server.port();
    server.close();

    assertThatThrownBy(() -> get(port, "/health/live")).isInstanceOf(ConnectException.class);
  }

  private void assertStopped() throws Exception {
    Map<String, String> down = Map.of("status", "down", "waitingFor", "scorer has stopped");
    assertAnswer("/health/live", 503, down);
    assertAnswer("/health/ready", 503, down);
  }

  private void assertAnswer(String path, int status, Map<String, String> body) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(new ObjectMapper().readValue(answer.body(), Map.class)).isEqualTo(body);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(server.port(), path);
  }

  private static HttpResponse<String> get(int port, String path)
      throws IOException, InterruptedException {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A service with the state that the test sets. */
  private final class Told implements Service {
    @Override
    public String name() {
      return "scorer";
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public String waitingFor() {
      return waitingFor;
    }

    @Override
    public CompletableFuture<Void> stopped() {
      return stopped;
    }

    @Override
    public void close() {
      stopped.complete(null);
    }
  }
}
