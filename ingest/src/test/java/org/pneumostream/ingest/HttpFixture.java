package org.pneumostream.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.pneumostream.http.HttpConfig;
import org.pneumostream.runtime.IdleService;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.OperationsServer;
import org.pneumostream.runtime.Tracing;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.scanstore.ScanLimits;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.Scan;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.InMemoryKafka;

/** The HTTP door on its own port, with a scan store and a Kafka double. */
final class HttpFixture implements AutoCloseable {
  static final int MAX_SCAN_BYTES = 4 << 20;
  static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Setting<?>> KNOWN =
      Stream.of(
              KafkaSettings.ALL,
              HttpConfig.ALL,
              ModelSettings.ALL,
              ScanLimits.ALL,
              ScanStoreConfig.ALL,
              IngestConfig.ALL)
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private static final Map<String, String> SETTINGS =
      Map.of(
          "inline-max-bytes", "4096",
          "max-scan-bytes", Integer.toString(MAX_SCAN_BYTES),
          "max-concurrent-pushes", "2",
          "publish-timeout", "2 s");

  final InMemoryKafka kafka = new InMemoryKafka();
  final HttpRoutes routes;
  private final OperationsServer server = new OperationsServer("ingest");
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;

  /**
   * @param folder of the scan store
   * @param more settings that add to or override those of every test
   */
  HttpFixture(Path folder, Map<String, String> more) {
    this(folder, more, Tracing.off());
  }

  HttpFixture(Path folder, Map<String, String> more, Tracing tracing) {
    this.folder = folder;
    Map<String, String> values = new HashMap<>(SETTINGS);
    values.putAll(more);
    Settings settings = Settings.of(KNOWN, values);
    IngestConfig config = IngestConfig.from(settings);
    PublishedScans published =
        new PublishedScans("test.scans", "test.dead-letters", new MockConsumer<>("earliest"));
    RecordSender sender = new RecordSender(kafka.producer, tracing);
    ScanStore store =
        new DirectoryScanStore(folder.resolve("store"), settings.get(ScanStoreConfig.MIN_FREE));
    IngestMetrics metrics = new IngestMetrics(server.metrics());
    ScanIntake intake =
        new ScanIntake(
            config,
            store,
            ScanPublisher.to(kafka.topics, sender, published),
            metrics,
            tracing,
            Clock.systemUTC());
    LabelPublisher labels = new LabelPublisher(kafka.topics.labels(), sender, Clock.systemUTC());
    ErasureRoute erasure = new ErasureRoute(id -> Optional.empty(), id -> {});
    routes = new HttpRoutes(config, intake, labels, erasure, metrics, tracing);
    server.start(new IdleService("ingest", 0), HttpConfig.from(settings), 0, routes);
  }

  static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  /** The scan sent to Kafka at an index. */
  Scan scan(int index) {
    return kafka.topics.scans().value(kafka.producer.history().get(index).value());
  }

  /** Number of scans rejected for a reason. */
  double rejected(String reason) {
    return server
        .metrics()
        .get("pneumostream.scans.received")
        .tags("source", "http", "outcome", "rejected", "reason", reason)
        .counter()
        .count();
  }

  HttpResponse<String> push(String path, byte[] body) throws Exception {
    return push(path, BodyPublishers.ofByteArray(body));
  }

  HttpResponse<String> push(String path, BodyPublisher body) throws Exception {
    return client.send(request(path, body).build(), BodyHandlers.ofString());
  }

  /** Pushes with a bearer token. */
  HttpResponse<String> push(String path, byte[] body, String token) throws Exception {
    return push(path, body, Map.of("Authorization", "Bearer " + token));
  }

  HttpResponse<String> push(String path, byte[] body, Map<String, String> headers)
      throws Exception {
    HttpRequest.Builder request = request(path, BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .POST(body)
        .timeout(Duration.ofSeconds(30));
  }

  /** Waits until the scan store holds this many files, including incomplete ones. */
  void awaitFiles(int count) throws InterruptedException {
    while (Scans.filesIn(folder).size() != count) {
      if (Thread.interrupted()) {
        throw new InterruptedException("waiting for %d files in the store".formatted(count));
      }
      Thread.onSpinWait();
    }
  }

  SlowPush slowPush(long length) throws IOException {
    return slowPush("Content-Length: " + length + "\r\n");
  }

  SlowPush slowPush(String headers) throws IOException {
    return new SlowPush(server.port(), "/scans", headers);
  }

  SlowPush slowLabel(long length) throws IOException {
    return new SlowPush(server.port(), "/labels", "Content-Length: " + length + "\r\n");
  }

  @Override
  public void close() {
    server.close();
  }

  /** A push that the test sends piece by piece. */
  static final class SlowPush implements AutoCloseable {
    private final Socket socket;

    private SlowPush(int port, String path, String headers) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(10_000);
      send(
          ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Stops sending, but still reads. */
    void endOutput() throws IOException {
      socket.shutdownOutput();
    }

    /** Status of the answer, from a line such as {@code HTTP/1.1 202 Accepted}. */
    int status() throws IOException {
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 202".length());
      return Integer.parseInt(new String(start, 9, 3, StandardCharsets.US_ASCII));
    }

    /** Sends byte after byte until the answer arrives; returns its status. */
    int statusWhileTrickling() throws IOException {
      socket.setSoTimeout(20);
      for (int sent = 0; sent < 500; sent++) {
        send(new byte[1]);
        try {
          return status();
        } catch (SocketTimeoutException e) {
          // No answer yet.
        }
      }
      throw new AssertionError("no answer within 500 bytes");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
