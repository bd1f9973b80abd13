package org.pneumostream.standalone;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import org.pneumostream.classifier.InputShape;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.schemas.KafkaConnection;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.service.KafkaConfig;
import org.pneumostream.service.Service;
import org.pneumostream.service.Settings;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.trainer.TrainerService;

/** What each service says of itself while what it needs goes and comes back. */
@Timeout(900)
class ReadinessIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path directory;
  private static final List<Service> services = new ArrayList<>();
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
    Settings settings = Settings.of(AllSettings.ALL, values);
    connection = KafkaConfig.connectionWithTopics(settings);
    UntrainedModel.publish(
        ModelPublisher.over(connection, "pneumonia", Clock.systemUTC()), InputShape.SMALL, 1);
    services.add(ScorerService.start(settings));
    services.add(TrainerService.start(settings));
    services.add(PreprocessService.start(settings));
    services.add(IngestService.start(settings));
  }

  @AfterAll
  static void stop() {
    services.forEach(Service::close);
    kafka.close();
    registry.close();
    data.close();
  }

  @Test
  void noServiceIsReadyWithoutABrokerAndEachIsAgainWithIt() throws Exception {
    for (Service service : services) {
      await(() -> isReady(service));
    }

    kafka.close();

    for (Service service : services) {
      await(() -> !isReady(service));
      assertThat(waitingFor(service)).as(service.name()).contains("Kafka");
    }

    kafka = EmbeddedKafka.start(data, port).awaitReady();
    for (Service service : services) {
      await(() -> isReady(service));
    }
  }

  @Test
  void noServiceIsReadyThatMayNotWriteForWantOfReplicas() throws Exception {
    for (Service service : services) {
      await(() -> isReady(service));
    }

    minInSync("2");

    for (Service service : services) {
      await(() -> waitingFor(service).contains("1 replica in sync, min.insync.replicas=2"));
    }

    minInSync("1");
    for (Service service : services) {
      await(() -> isReady(service));
    }
  }

  @Test
  void whatNeedsTheScanStoreIsNotReadyWithoutIt() throws Exception {
    Path store = directory.resolve("scan-store");
    Path elsewhere = directory.resolve("elsewhere");
    await(() -> Files.exists(store.resolve("owner")));
    for (Service service : services) {
      await(() -> isReady(service));
    }
    // Both have seen it with something in it.
    List<Service> users =
        services.stream()
            .filter(s -> List.of("ingest", "preprocess-stream").contains(s.name()))
            .toList();

    Files.move(store, elsewhere);

    for (Service service : users) {
      await(() -> waitingFor(service).contains("scan store"));
      assertThat(isReady(service)).isFalse();
    }
    Files.move(elsewhere, store);
    for (Service service : services) {
      await(() -> isReady(service));
    }
  }

  private static void await(Callable<Boolean> holds) throws Exception {
    Condition.await("readiness: " + all(), PATIENCE, holds);
  }

  private static Map<String, String> all() throws Exception {
    Map<String, String> all = new HashMap<>();
    for (Service service : services) {
      all.put(service.name(), waitingFor(service));
    }
    return all;
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

  private static boolean isReady(Service service) throws Exception {
    return ask(service).statusCode() == 200;
  }

  private static String waitingFor(Service service) throws Exception {
    JsonNode answer = JSON.readTree(ask(service).body());
    return answer.get("waitingFor").asText();
  }

  private static HttpResponse<String> ask(Service service) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + "/health/ready");
    return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
