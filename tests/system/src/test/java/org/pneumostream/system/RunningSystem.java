package org.pneumostream.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.runtime.Service;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.Topics;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.volume.InputShape;

/** Every service against some cluster, at the small input shape, used from outside. */
final class RunningSystem implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Service> services = new ArrayList<>();
  private final Settings settings;
  private final KafkaConnection kafka;
  private IngestService ingest;
  private TrainerService trainer;

  /**
   * @param more settings in addition to the addresses, the prefix and the small shape
   */
  RunningSystem(
      String bootstrapServers,
      String registryUrl,
      String topicPrefix,
      Path directory,
      Map<String, String> more) {
    Map<String, String> values = new HashMap<>();
    values.put("bootstrap-servers", bootstrapServers);
    values.put("schema-registry-url", registryUrl);
    values.put("topic-prefix", topicPrefix);
    values.put("data-dir", directory.toString());
    values.put("input-shape", InputShape.SMALL.toString());
    values.put("min-new-labels", "1000000");
    for (String service : List.of("ingest", "preprocess-stream", "scorer", "trainer")) {
      values.put(service + "-port", "0");
    }
    values.putAll(more);
    settings = Settings.of(AllSettings.ALL, values);
    kafka = KafkaSettings.connection(settings);
  }

  /** Starts every service. */
  RunningSystem start() {
    return start(service -> Map.of());
  }

  /**
   * Starts every service.
   *
   * @param own settings of single services, by name
   */
  RunningSystem start(Function<String, Map<String, String>> own) {
    services.add(ScorerService.start(settings.with(own.apply("scorer"))));
    trainer = TrainerService.start(settings.with(own.apply("trainer")));
    services.add(trainer);
    services.add(PreprocessService.start(settings.with(own.apply("preprocess-stream"))));
    ingest = IngestService.start(settings.with(own.apply("ingest")));
    services.add(ingest);
    return this;
  }

  Settings settings() {
    return settings;
  }

  Topics topics() {
    return kafka.topics();
  }

  KafkaConnection kafka() {
    return kafka;
  }

  TrainerService trainer() {
    return trainer;
  }

  List<Service> services() {
    return services;
  }

  /** Publishes untrained weights as the next version; the first becomes champion. */
  ModelVersion publishModel(long seed) {
    return UntrainedModel.publish(models(), InputShape.SMALL, seed);
  }

  ModelPublisher models() {
    return ModelPublisher.over(kafka, settings.get(ModelSettings.NAME), Clock.systemUTC());
  }

  HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
    return post(ingest.port(), path, body, Map.of());
  }

  HttpResponse<String> post(String path, byte[] body, Map<String, String> headers)
      throws IOException, InterruptedException {
    return post(ingest.port(), path, body, headers);
  }

  /** Pushes to the ingest service of another process. */
  HttpResponse<String> post(int port, String path, byte[] body, Map<String, String> headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + ingest.port() + path);
    return http.send(
        HttpRequest.newBuilder(uri).DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(Service service, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Pushes a scan that is accepted; returns its id. */
  String push(byte[] file) throws IOException, InterruptedException {
    return push(ingest.port(), file);
  }

  /** Pushes a scan to the ingest service of another process. */
  String push(int port, byte[] file) throws IOException, InterruptedException {
    return pushTo(port, "/scans", file);
  }

  /** The same with a finding. */
  String push(int port, byte[] file, String finding) throws IOException, InterruptedException {
    return pushTo(port, "/scans?label=" + finding, file);
  }

  private String pushTo(int port, String path, byte[] file)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post(port, path, file, Map.of());
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return scanId(response);
  }

  /** The id in the answer to a push. */
  static String scanId(HttpResponse<String> answer) {
    try {
      return new ObjectMapper().readTree(answer.body()).path("scanId").asText();
    } catch (JsonProcessingException e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  void label(String scanId, String finding) throws IOException, InterruptedException {
    String label =
        "{\"scanId\":\"%s\",\"finding\":\"%s\",\"annotator\":\"reader-1\"}"
            .formatted(scanId, finding);
    HttpResponse<String> response = post("/labels", label.getBytes());
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
  }

  /** A record read back. */
  record Read<V>(String key, V value, byte[] bytes) {}

  /**
   * Reads a topic from its beginning until enough was read.
   *
   * @throws AssertionError if that takes longer than a test may
   */
  <V extends SpecificRecord> List<Read<V>> await(Topic<V> topic, Predicate<List<Read<V>>> enough) {
    return read(topic, enough, Instant.now().plus(PATIENCE));
  }

  /** All committed records of a topic. */
  <V extends SpecificRecord> List<Read<V>> now(Topic<V> topic) {
    return read(topic, null, Instant.now().plus(PATIENCE));
  }

  private <V extends SpecificRecord> List<Read<V>> read(
      Topic<V> topic, Predicate<List<Read<V>>> enough, Instant end) {
    List<Read<V>> records = new ArrayList<>();
    try (var consumer = kafka.consumer(Map.of())) {
      CommittedRecords committed = CommittedRecords.upToNow(consumer, topic.name());
      while (enough == null ? committed.left() > 0 : !enough.test(records)) {
        if (Instant.now().isAfter(end)) {
          throw new AssertionError(
              topic.name() + ": waited in vain, " + records.size() + " records");
        }
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          V value = record.value() == null ? null : topic.value(record.value());
          records.add(new Read<>(record.key(), value, record.value()));
        }
      }
    }
    return records;
  }

  /** All committed records of a topic, as bytes. */
  List<ConsumerRecord<String, byte[]>> records(Topic<?> topic) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (var consumer = kafka.consumer(Map.of())) {
      CommittedRecords.upToNow(consumer, topic.name()).forEach(records::add);
    }
    return records;
  }

  @Override
  public void close() {
    Collections.reverse(services);
    services.forEach(Service::close);
    services.clear();
  }

  /** Without duplicates. */
  static Set<String> keys(List<? extends Read<?>> records) {
    return records.stream().map(Read::key).collect(Collectors.toSet());
  }
}
