package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.system.SecurityGuide.Access;

/** Rights of each login, tried with real clients: see {@link SecuredSystemIT}. */
interface AccessBehaviour {
  List<String> TOPICS =
      new Topics(new TopicSettings("", 1, (short) -1, 1 << 20), Registry.inMemory())
          .all().stream().<String>map(Topic::name).toList();
  Duration PATIENCE = Duration.ofSeconds(30);

  SecuredCluster cluster();

  static List<Access> access() throws IOException {
    List<Access> access = SecurityGuide.access();
    assertThat(access)
        .extracting(Access::login)
        .contains("ingest", "preprocess-stream", "scorer", "trainer", "alerts", "auditor");
    return access.stream().filter(row -> !row.login().equals("admin")).toList();
  }

  @ParameterizedTest
  @MethodSource("access")
  default void eachLoginHasExactlyTheRightsInTheGuide(Access access) throws Exception {
    String login = access.login();
    try (Producer<String, String> admin = producer("admin", Map.of());
        Consumer<String, String> consumer = consumer(login, Map.of());
        // An idempotent producer asks for an id first, which is denied to logins that may write
        // nowhere.
        Producer<String, String> producer = producer(login, Map.of("enable.idempotence", false))) {
      for (String topic : TOPICS) {
        TopicPartition partition = new TopicPartition(SecuredCluster.PREFIX + topic, 0);
        write(admin, partition);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        if (names(access.reads(), topic)) {
          awaitRecord(consumer);
        } else {
          assertThatThrownBy(() -> awaitRecord(consumer))
              .as("%s reads %s", login, topic)
              .isInstanceOf(TopicAuthorizationException.class);
        }
        if (names(access.writes(), topic)) {
          write(producer, partition);
        } else {
          assertThatThrownBy(() -> write(producer, partition))
              .as("%s writes %s", login, topic)
              .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
      }
    }
  }

  private static boolean names(Set<String> topics, String topic) {
    return topics.contains("everything") || topics.contains(topic);
  }

  @ParameterizedTest
  @CsvSource({
    "ingest, scans, scans.preprocess-stream",
    "scorer, volumes, scans.preprocess-stream",
    "trainer, labeled-volumes, volumes.scorer.pneumonia",
    "alerts, alerts, volumes.scorer.pneumonia",
    "auditor, volumes, volumes.scorer.pneumonia",
    "operator, volumes, volumes.scorer.pneumonia"
  })
  default void noLoginJoinsTheGroupOfAnother(String login, String topic, String group) {
    try (Consumer<String, String> consumer =
        consumer(login, Map.of("group.id", SecuredCluster.PREFIX + group))) {
      consumer.subscribe(List.of(SecuredCluster.PREFIX + topic));
      assertThatThrownBy(() -> awaitRecord(consumer))
          .isInstanceOf(GroupAuthorizationException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ingest, scans.erasure.1",
    "ingest, models.pneumonia",
    "preprocess-stream, volumes.scorer.pneumonia.1",
    "scorer, scans.preprocess-stream-1",
    "scorer, models.pneumonia",
    "trainer, volumes.scorer.pneumonia.1",
    "trainer, models.another",
    "auditor, scans.erasure.1",
    "operator, volumes.scorer.pneumonia.1"
  })
  default void noLoginFencesTheTransactionsOfAnother(String login, String id) {
    try (Producer<String, String> producer =
        producer(login, Map.of("transactional.id", SecuredCluster.PREFIX + id))) {
      assertThatThrownBy(producer::initTransactions)
          .isInstanceOf(TransactionalIdAuthorizationException.class);
    }
  }

  @Test
  default void anAlertConsumerReadsAlertsInItsOwnGroup() throws Exception {
    String topic = SecuredCluster.PREFIX + "alerts";
    try (Producer<String, String> admin = producer("admin", Map.of());
        Consumer<String, String> consumer =
            consumer("alerts", Map.of("group.id", topic + ".pager"))) {
      write(admin, new TopicPartition(topic, 0));
      consumer.subscribe(List.of(topic));
      awaitRecord(consumer);
      consumer.commitSync();
    }
  }

  private static void write(Producer<String, String> producer, TopicPartition partition)
      throws ExecutionException, InterruptedException {
    // A tombstone whose key is not a scan.
    producer
        .send(new ProducerRecord<>(partition.topic(), partition.partition(), "none", null))
        .get();
  }

  private static void awaitRecord(Consumer<String, String> consumer) {
    Instant end = Instant.now().plus(PATIENCE);
    while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
      assertThat(Instant.now()).isBefore(end);
    }
  }

  private Consumer<String, String> consumer(String login, Map<String, Object> more) {
    Map<String, Object> settings = settings(login, more);
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private Producer<String, String> producer(String login, Map<String, Object> more) {
    return new KafkaProducer<>(
        settings(login, more), new StringSerializer(), new StringSerializer());
  }

  private Map<String, Object> settings(String login, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(cluster().client(login));
    settings.put("bootstrap.servers", cluster().settings(login).get("bootstrap-servers"));
    settings.putAll(more);
    return settings;
  }
}
