package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.cli.Execution;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Alert;
import org.pneumostream.schemas.DeadLetter;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.SampleRecords;

/** Commands name an unreadable record and skip it. */
class UnreadableRecordsIT extends OnEmbeddedCluster {
  private static final byte[] JUNK = {1, 2, 3};

  private static Topics topics;

  @BeforeAll
  static void publish() throws Exception {
    Map<String, String> settings = new HashMap<>(cluster.settings());
    settings.put("partitions", "1");
    KafkaConnection kafka = KafkaSettings.connection(Settings.of(AllSettings.ALL, settings));
    topics = kafka.topics();
    try (Admin admin = kafka.admin();
        Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      topics.createMissing(admin);
      for (var topic :
          List.of(
              topics.predictions(), topics.alerts(), topics.deadLetters(), topics.modelEvents())) {
        producer.send(new ProducerRecord<>(topic.name(), "junk", JUNK)).get();
      }
      // The registry does not know this schema.
      byte[] strange = ByteBuffer.allocate(6).put((byte) 0).putInt(4711).array();
      producer.send(new ProducerRecord<>(topics.predictions().name(), "strange", strange)).get();
      producer.send(topics.deadLetters().record("b", letter())).get();
      producer.send(topics.alerts().record("a", alert())).get();
    }
  }

  @Test
  void auditCountsThem() throws Exception {
    Execution audit = Terminal.run(cluster.settings(), "audit", "--json");

    JsonNode unreadable = audit.json().path("unreadable");
    assertThat(audit.json().path("deadLettersWaiting").asInt()).as(audit.err()).isEqualTo(1);
    assertThat(unreadable)
        .extracting(
            one ->
                one.path("topic").asText() + " " + one.path("partition") + " " + one.path("offset"))
        .containsExactlyInAnyOrder(
            topics.deadLetters().name() + " 0 0",
            topics.alerts().name() + " 0 0",
            topics.predictions().name() + " 0 0",
            topics.predictions().name() + " 0 1");
    assertThat(unreadable).allSatisfy(one -> assertThat(one.path("reason").asText()).isNotEmpty());
    assertThat(Terminal.run(cluster.settings(), "audit").outLines())
        .contains("skipped 4 unreadable records")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "unreadable record at %s, partition 0, offset 1: "
                            .formatted(topics.predictions().name()))
                    .contains("4711"));
  }

  @Test
  void statusCountsThem() throws Exception {
    Execution status = Terminal.run(cluster.settings(), "status", "--json");

    assertThat(status.status()).as(status.err()).isZero();
    assertThat(status.json().path("deadLettersWaiting").asInt()).isEqualTo(1);
    assertThat(status.json().path("unreadable"))
        .extracting(one -> one.path("topic").asText())
        .contains(topics.deadLetters().name(), topics.modelEvents().name());
  }

  @Test
  void deadLettersListsTheReadableOnes() {
    Execution list = Terminal.run(cluster.settings(), "dead-letters", "list");

    assertThat(list.status()).isZero();
    assertThat(list.outLines()).singleElement().asString().contains("no reason");
    assertThat(list.errLines())
        .contains(
            "unreadable record at %s, partition 0, offset 0: %s: not the Confluent wire format:"
                    .formatted(topics.deadLetters().name(), topics.deadLetters().name())
                + " 3 bytes that start with 1, expected a zero byte and a schema id");
  }

  @Test
  void predictionsAndAlertsPrintTheReadableOnes() {
    Execution alerts = Terminal.run(cluster.settings(), "alerts");

    assertThat(alerts.status()).isZero();
    assertThat(alerts.outLines()).hasSize(1);
    assertThat(alerts.errLines()).hasSize(1);
    Execution predictions = Terminal.run(cluster.settings(), "predictions");
    assertThat(predictions.status()).isZero();
    assertThat(predictions.outLines()).isEmpty();
    assertThat(predictions.errLines()).hasSize(2);
  }

  private static DeadLetter letter() {
    return SampleRecords.deadLetter()
        .setTopic(topics.volumes().name())
        .setFailedAt(Instant.now())
        .build();
  }

  private static Alert alert() {
    return Alert.newBuilder()
        .setProbabilityAbnormal(0.9)
        .setThreshold(0.5)
        .setModelName("pneumonia")
        .setModelVersion("1")
        .setReceivedAt(Instant.now())
        .setRaisedAt(Instant.now())
        .setWarnings(List.of())
        .build();
  }
}
