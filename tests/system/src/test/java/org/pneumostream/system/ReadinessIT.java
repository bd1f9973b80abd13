package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.Service;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.standalone.FreePort;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.trainer.TrainerService;
import org.pneumostream.volume.InputShape;

/** Readiness of each service while its dependencies fail and recover. */
@Timeout(900)
class ReadinessIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private static final Map<String, Service> services = new LinkedHashMap<>();
  private static Settings settings;
  private static DataDirectory data;
  private static EmbeddedRegistry registry;
  private static EmbeddedKafka kafka;
  private static KafkaConnection connection;
  private static int port;

  @BeforeAll
  static void start() {
    data = DataDirectory.hold(directory);
    registry = EmbeddedRegistry.start(data, 0).awaitReady();
    port = FreePort.check("kafka-port", 0);
    kafka = EmbeddedKafka.start(data, port).awaitReady();
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "bootstrap-servers", kafka.bootstrapServers(),
                "schema-registry-url", registry.url(),
                "data-dir", directory.toString(),
                "input-shape", InputShape.SMALL.toString()));
    for (String service : List.of("ingest", "preprocess-stream", "scorer", "trainer")) {
      values.put(service + "-port", "0");
    }
    settings = Settings.of(AllSettings.ALL, values);
    connection = KafkaSettings.connectionWithTopics(settings);
    UntrainedModel.publish(
        ModelPublisher.over(connection, "pneumonia", Clock.systemUTC()), InputShape.SMALL, 1);
    for (String name : List.of("scorer", "trainer", "preprocess-stream", "ingest")) {
      services.put(name, start(name));
    }
  }

  private static Service start(String name) {
    return switch (name) {
      case "scorer" -> ScorerService.start(settings);
      case "trainer" -> TrainerService.start(settings);
      case "preprocess-stream" -> PreprocessService.start(settings);
      default -> IngestService.start(settings);
    };
  }

  /**
   * Restarts a failed service, as a supervisor does: a broker that has just recovered may not know
   * its topics yet, which ends Kafka Streams.
   */
  private static Service running(String name) {
    Service service = services.get(name);
    if (service.stopped().isDone()) {
      service.close();
      service = start(name);
      services.put(name, service);
    }
    return service;
  }

  @AfterAll
  static void stop() {
    services.values().forEach(Service::close);
    kafka.close();
    registry.close();
    data.close();
  }

  @Test
  void noServiceIsReadyWithoutABrokerAndAllRecover() throws Exception {
    awaitAllReady();

    kafka.close();

    for (String service : services.keySet()) {
      await(() -> !isReady(service));
      assertThat(waitingFor(service)).as(service).contains("Kafka");
    }

    kafka = EmbeddedKafka.start(data, port).awaitReady();
    awaitAllReady();
  }

  @Test
  void noServiceIsReadyWithTooFewReplicasInSync() throws Exception {
    awaitAllReady();

    minInSync("2");

    for (String service : services.keySet()) {
      await(() -> waitingFor(service).contains("1 replica in sync, min.insync.replicas=2"));
    }

    minInSync("1");
    awaitAllReady();
  }

  @Test
  void servicesThatNeedTheScanStoreAreNotReadyWithoutIt() throws Exception {
    Path store = directory.resolve("scan-store");
    Path elsewhere = directory.resolve("elsewhere");
    await(() -> Files.exists(store.resolve("owner")));
    awaitAllReady();
    Files.move(store, elsewhere);

    for (String service : List.of("ingest", "preprocess-stream")) {
      await(() -> waitingFor(service).contains("scan store"));
      assertThat(isReady(service)).isFalse();
    }
    Files.move(elsewhere, store);
    awaitAllReady();
  }

  private static void await(Callable<Boolean> holds) throws Exception {
    Condition.await("a service to be ready, or not; at first: " + all(), PATIENCE, holds);
  }

  private static Map<String, String> all() throws Exception {
    Map<String, String> all = new HashMap<>();
    for (String service : services.keySet()) {
      all.put(service, waitingFor(service));
    }
    return all;
  }

  private static void awaitAllReady() throws Exception {
    for (String service : services.keySet()) {
      await(
          () -> {
            running(service);
            return isReady(service);
          });
    }
  }

  private static void minInSync(String value) throws Exception {
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry("min.insync.replicas", value), AlterConfigOp.OpType.SET);
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    for (var topic : connection.topics().all()) {
      changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), List.of(set));
    }
    try (Admin admin = connection.admin()) {
      admin.incrementalAlterConfigs(changes).all().get();
    }
  }

  private static boolean isReady(String service) throws Exception {
    return ask(service).statusCode() == 200;
  }

  private static String waitingFor(String service) throws Exception {
    JsonNode answer = JSON.readTree(ask(service).body());
    return answer.get("waitingFor").asText();
  }

  private static HttpResponse<String> ask(String service) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + services.get(service).port() + "/health/ready");
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
