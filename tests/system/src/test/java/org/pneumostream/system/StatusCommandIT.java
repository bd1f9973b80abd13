package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.FreePort;
import org.pneumostream.trainer.ModelPublisher;
import org.pneumostream.volume.InputShape;

/** {@code status} while services start and stop. */
class StatusCommandIT extends OnEmbeddedCluster {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Map<String, String> settings;
  private static KafkaConnection kafka;

  @BeforeAll
  static void connect() throws Exception {
    settings = new HashMap<>(cluster.settings());
    settings.put("input-shape", InputShape.SMALL.toString());
    for (String service : List.of("ingest", "preprocess-stream", "scorer", "trainer")) {
      settings.put(service + "-port", Integer.toString(FreePort.check("port", 0)));
    }
    kafka = KafkaSettings.connectionWithTopics(Settings.of(AllSettings.ALL, settings));
  }

  @Test
  void showsTheBacklogOfEachService() throws Exception {
    byte[] junk = new byte[8];
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      for (String key : List.of("a", "b", "c")) {
        producer.send(new ProducerRecord<>(kafka.topics().scans().name(), key, junk)).get();
      }
      producer.send(new ProducerRecord<>(kafka.topics().volumes().name(), "d", junk)).get();
    }

    JsonNode before = status();
    assertThat(before.get("brokers").asInt()).isEqualTo(1);
    assertThat(before.get("champion").isNull()).isTrue();
    assertThat(before.get("deadLettersWaiting").asLong()).isZero();
    assertThat(before.at("/services/trainer/state").asText()).isEqualTo("not reached");
    assertThat(before.at("/services/trainer/detail").asText())
        .isEqualTo("at 127.0.0.1:" + settings.get("trainer-port") + ": ConnectException");
    assertThat(before.at("/services/preprocess-stream/members").asInt()).isZero();
    assertThat(before.at("/services/preprocess-stream/waiting").get(kafka.topics().scans().name()))
        .hasToString("3");
    assertThat(before.at("/services/scorer/waiting").get(kafka.topics().volumes().name()))
        .hasToString("1");

    try (ScorerService scorer = ScorerService.start(Settings.of(AllSettings.ALL, settings))) {
      assertThat(scorer.port()).isEqualTo(Integer.parseInt(settings.get("scorer-port")));
      assertThat(status().at("/services/scorer/state").asText()).isEqualTo("waiting");
      assertThat(status().at("/services/scorer/detail").asText()).contains("champion");
      ModelPublisher models = ModelPublisher.over(kafka, "pneumonia", Clock.systemUTC());
      UntrainedModel.publish(models, InputShape.SMALL, 1);

      // The malformed volume becomes a dead letter, within a transaction.
      JsonNode after = status();
      Instant end = Instant.now().plus(PATIENCE);
      while (after.at("/services/scorer/waiting").get(kafka.topics().volumes().name()).asInt() > 0
          || !after.at("/services/scorer/state").asText().equals("ready")) {
        assertThat(Instant.now()).as(after.toString()).isBefore(end);
        after = status();
      }
      assertThat(after.at("/services/scorer/members").asInt()).isEqualTo(1);
      assertThat(after.get("champion").asText()).isEqualTo("1");
      assertThat(after.get("deadLettersWaiting").asLong()).isEqualTo(1);
      assertThat(after.at("/lastModelEvent/type").asText()).isEqualTo("PROMOTED");
    }

    Execution text = execute();
    assertThat(text.outLines())
        .anySatisfy(line -> assertThat(line).matches("scorer +not reached: .*no backlog"))
        .anySatisfy(line -> assertThat(line).startsWith("champion           pneumonia 1, made 20"));
  }

  @Test
  void reportsThatKafkaIsUnavailable() throws Exception {
    int port = FreePort.check("port", 0);

    Execution execution =
        Execution.of("status", "--bootstrap-servers", "127.0.0.1:" + port, "--json");

    assertThat(execution.status()).isEqualTo(1);
    assertThat(execution.errLines())
        .containsExactly(
            "status: no Kafka broker answers at 127.0.0.1:"
                + port
                + " over PLAINTEXT; is the system running?");
  }

  private static JsonNode status() throws Exception {
    Execution execution = execute("--json");
    assertThat(execution.status()).describedAs(execution.err()).isZero();
    return execution.json();
  }

  private static Execution execute(String... options) {
    List<Object> arguments = new ArrayList<>(List.of("status"));
    arguments.addAll(List.of(options));
    return Terminal.run(settings, arguments.toArray());
  }
}
