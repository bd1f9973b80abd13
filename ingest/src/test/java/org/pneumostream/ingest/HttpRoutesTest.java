package org.pneumostream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.service.ScanStore;

@Timeout(60)
class HttpRoutesTest {
  private static final int MAX_SCAN_BYTES = 1 << 20;
  private static final int MAX_PUSHES = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  private final KafkaDouble kafka = new KafkaDouble();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpRoutes routes;
  private Javalin server;

  @BeforeEach
  void open() {
    IngestConfig config = Scans.config(4096, MAX_SCAN_BYTES, MAX_PUSHES);
    PublishedScans published = new PublishedScans("test.scans", new MockConsumer<>("earliest"));
    Door door =
        new Door(
            new ScanIntake(config, new ScanStore(temp.resolve("store")), Clock.systemUTC()),
            ScanPublisher.to(kafka.topics.scans(), kafka.producer, published),
            metrics);
    LabelPublisher labels =
        new LabelPublisher(kafka.topics.labels(), kafka.producer, Clock.systemUTC());
    ErasureRoute erasure = new ErasureRoute(id -> Optional.empty(), id -> {});
    routes = new HttpRoutes(config, door, labels, erasure, new IngestMetrics(metrics));
    server = Javalin.create();
    routes.accept(server);
    server.start("127.0.0.1", 0);
  }

  @AfterEach
  void close() {
    server.stop();
  }

  @Test
  void answersWhereTheScanLiesOnceTheBrokersHaveIt() throws Exception {
    HttpResponse<String> answer = push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(json(answer))
        .isEqualTo(
            JSON.createObjectNode()
                .put("scanId", Scans.id("volume.nii.gz"))
                .put("topic", "test.scans")
                .put("partition", 0)
                .put("offset", 0));
    Scan scan = scan(0);
    assertThat(scan.getSource()).isEqualTo(ScanSource.HTTP);
    assertThat(scan.getReference().getLength()).isPositive();
    assertThat(scan.getStudyKey()).isNull();
    assertThat(scan.getFinding()).isNull();
  }

  @Test
  void takesWhatComesInChunks() throws Exception {
    byte[] bytes = Scans.bytes("volume.nii");

    HttpResponse<String> answer =
        push("/scans", BodyPublishers.ofInputStream(() -> Scans.stream(bytes)));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer).get("scanId").asText()).isEqualTo(Scans.id("volume.nii"));
  }

  @Test
  void saysThatAScanIsAlreadyThereEvenIfItIsCompressedOtherwise() throws Exception {
    push("/scans", Scans.bytes("volume.nii.gz"));

    HttpResponse<String> again = push("/scans", Scans.bytes("volume.nii"));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("offset").asLong()).isZero();
    assertThat(kafka.producer.history()).hasSize(1);
  }

  @Test
  void passesOnLabelAndStudy() throws Exception {
    HttpResponse<String> answer =
        push("/scans?label=abnormal&study=S-17", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(scan(0).getFinding()).isEqualTo(Finding.ABNORMAL);
    assertThat(scan(0).getStudyKey()).isEqualTo("S-17");
    assertThat(kafka.producer.history()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "label=sick, label: 'sick'",
    "study=a%20b, study: 'a b'",
    "lable=normal, unknown parameter 'lable'"
  })
  void refusesAParameterByName(String query, String message) throws Exception {
    HttpResponse<String> answer = push("/scans?" + query, Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("error").asText()).startsWith(message);
    assertThat(kafka.producer.history()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "series.nii.gz, 'not one 3D volume: the dimensions are [12, 10, 5, 2], expected three'",
    "negative-dimension.nii, not a scan: dim[1] is -24",
    "complex.nii.gz, not a scan: datatype is"
  })
  void refusesWhatIsNoVolumeWithTheReason(String name, String message) throws Exception {
    HttpResponse<String> answer = push("/scans", Scans.bytes(name));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("error").asText()).startsWith(message);
    assertThat(kafka.producer.history()).isEmpty();
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @Test
  void refusesAnEmptyBodyATextAndACutOffScan() throws Exception {
    byte[] whole = Scans.bytes("volume.nii.gz");

    HttpResponse<String> empty = push("/scans", new byte[0]);
    HttpResponse<String> text = push("/scans", "hello".repeat(9).getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> cut = push("/scans", Arrays.copyOf(whole, whole.length - 30));

    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(json(empty).get("error").asText()).isEqualTo("the scan is empty");
    assertThat(text.statusCode()).isEqualTo(400);
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(json(cut).get("error").asText()).contains("cut off");
    assertThat(rejected("empty")).isEqualTo(1);
    assertThat(rejected("not-a-scan")).isEqualTo(1);
    assertThat(rejected("damaged")).isEqualTo(1);
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'', x", "'Expect: 100-continue\r\n', ''"})
  void refusesAnAnnouncedLengthOverTheLimitBeforeItComes(String header, String start)
      throws Exception {
    try (SlowPush push = new SlowPush(header + "Content-Length: 2000000\r\n")) {
      push.send(start.getBytes(StandardCharsets.US_ASCII));

      assertThat(push.status()).isEqualTo(413);
    }
    assertThat(rejected("too-large")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void answersALargeRefusedPushWhoseClientReadsOnlyAfterWriting(boolean announced)
      throws Exception {
    byte[] large = new byte[20 << 20];
    large[0] = (byte) 0x5c; // 348 in the first four bytes, and nothing else of a header
    large[1] = 1;

    HttpResponse<String> answer =
        push(
            "/scans",
            announced
                ? BodyPublishers.ofByteArray(large)
                : BodyPublishers.ofInputStream(() -> Scans.stream(large)));

    assertThat(answer.statusCode()).isEqualTo(announced ? 413 : 400);
    assertThat(json(answer).get("error").asText()).isNotEmpty();
  }

  @Test
  void refusesWhatTurnsOutLargerThanTheLimit() throws Exception {
    byte[] large = Arrays.copyOf(Scans.bytes("volume.nii"), MAX_SCAN_BYTES + 1);

    HttpResponse<String> answer =
        push("/scans", BodyPublishers.ofInputStream(() -> Scans.stream(large)));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(json(answer).get("error").asText()).contains("max-scan-bytes");
    assertThat(Scans.filesIn(temp)).isEmpty();
  }

  @Test
  void asksToComeBackWhenKafkaIsAway() throws Exception {
    kafka.goAway();
    HttpResponse<String> away = push("/scans", Scans.bytes("volume.nii.gz"));
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(away.headers().firstValue("Retry-After")).contains("10");
    assertThat(json(away).get("error").asText()).startsWith("Kafka: ");

    kafka.comeBack();
    assertThat(push("/scans", Scans.bytes("volume.nii.gz")).statusCode()).isEqualTo(202);
    assertThat(kafka.producer.history()).hasSize(1);
  }

  @Test
  void asksToComeBackWhenTheDiskTakesNothing() throws Exception {
    Files.writeString(temp.resolve("store"), "a file where the folder should be");

    HttpResponse<String> answer = push("/scans", Scans.bytes("volume.nii.gz"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(json(answer).get("error").asText()).startsWith("scan store: ");
  }

  @Test
  void turnsAwayMorePushesThanMayBeUnderWay() throws Exception {
    byte[] whole = Scans.bytes("volume.nii");
    try (SlowPush first = new SlowPush(whole.length);
        SlowPush second = new SlowPush(whole.length)) {
      first.send(Arrays.copyOf(whole, 9000));
      second.send(Arrays.copyOf(whole, 9000));
      awaitFiles(2);

      HttpResponse<String> third = push("/scans", whole);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).contains("2");

      first.send(Arrays.copyOfRange(whole, 9000, whole.length));
      assertThat(first.status()).isEqualTo(202);
      second.send(Arrays.copyOfRange(whole, 9000, whole.length));
      assertThat(second.status()).isEqualTo(200);
    }
    assertThat(push("/scans", whole).statusCode()).isEqualTo(200);
  }

  @Test
  void letsAPushUnderWayEndWhenIngestStops() throws Exception {
    byte[] whole = Scans.bytes("volume.nii");
    try (SlowPush slow = new SlowPush(whole.length)) {
      slow.send(Arrays.copyOf(whole, 9000));
      awaitFiles(1);

      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  routes.close();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      slow.send(Arrays.copyOfRange(whole, 9000, whole.length));

      assertThat(slow.status()).isEqualTo(202);
      assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
    }
    assertThat(push("/scans", whole).statusCode()).isEqualTo(429);
  }

  @Test
  void leavesNothingOfAPushThatBreaksOff() throws Exception {
    byte[] whole = Scans.bytes("volume.nii");
    try (SlowPush broken = new SlowPush(whole.length)) {
      broken.send(Arrays.copyOf(whole, 9000));
      awaitFiles(1);
    }

    awaitFiles(0);
    assertThat(kafka.producer.history()).isEmpty();
  }

  @Test
  void takesALabel() throws Exception {
    String id = "0123456789abcdef".repeat(4);

    HttpResponse<String> answer =
        push(
            "/labels",
            BodyPublishers.ofString(
                "{\"scanId\":\"%s\",\"finding\":\"abnormal\",\"annotator\":\"r1\"}".formatted(id)));

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(json(answer))
        .isEqualTo(
            JSON.createObjectNode()
                .put("scanId", id)
                .put("topic", "test.labels")
                .put("partition", 0)
                .put("offset", 0));
    assertThat(kafka.topics.labels().value(kafka.producer.history().get(0).value()).getFinding())
        .isEqualTo(Finding.ABNORMAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | scanId: missing",
        "{\"scanId\":\"xyz\",\"finding\":\"normal\",\"annotator\":\"r\"} | scanId: 'xyz'",
        "{\"scanId\":\"x\",\"finding\":\"sick\",\"annotator\":\"r\"} | finding: 'sick'",
        "{\"scanId\":\"x\",\"finding\":\"normal\",\"annotator\":\"r\",\"x\":1} | not a label: ",
        "null | the label is null",
        "[] | not a label: ",
        "{\"scanId\": | not a label: "
      })
  void refusesALabelThatIsNone(String body, String message) throws Exception {
    HttpResponse<String> answer = push("/labels", BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("error").asText()).startsWith(message);
    assertThat(kafka.producer.history()).isEmpty();
  }

  @Test
  void asksToComeBackWithALabelWhenKafkaIsAway() throws Exception {
    kafka.goAway();

    HttpResponse<String> answer =
        push(
            "/labels",
            BodyPublishers.ofString(
                "{\"scanId\":\"%s\",\"finding\":\"normal\",\"annotator\":\"r1\"}"
                    .formatted("ab".repeat(32))));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("10");
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private Scan scan(int index) {
    return kafka.topics.scans().value(kafka.producer.history().get(index).value());
  }

  private double rejected(String reason) {
    return metrics
        .get("pneumostream.ingest.scans.rejected")
        .tags("source", "http", "reason", reason)
        .counter()
        .count();
  }

  private HttpResponse<String> push(String path, byte[] body) throws Exception {
    return push(path, BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<String> push(String path, BodyPublisher body) throws Exception {
    return client.send(request(path, body), BodyHandlers.ofString());
  }

  /** Waits until the scan store holds so many files, half-written ones too. */
  private void awaitFiles(int count) {
    while (Scans.filesIn(temp).size() != count) {
      Thread.onSpinWait();
    }
  }

  private HttpRequest request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .POST(body)
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  /** A push of which the test sends one piece after the other. */
  private final class SlowPush implements AutoCloseable {
    private final Socket socket = new Socket("127.0.0.1", server.port());

    SlowPush(long length) throws IOException {
      this("Content-Length: " + length + "\r\n");
    }

    SlowPush(String headers) throws IOException {
      socket.setSoTimeout(10_000);
      send(
          ("POST /scans HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Status of the answer, from a line such as {@code HTTP/1.1 202 Accepted}. */
    int status() throws IOException {
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 202".length());
      return Integer.parseInt(new String(start, 9, 3, StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
