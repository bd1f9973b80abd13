package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.ledger.DeadLetterRetry;
import org.pneumostream.ledger.Erasure;
import org.pneumostream.ledger.TrackedDeadLetter;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.scanstore.DirectoryScanStore;
import org.pneumostream.schemas.RetryOf;
import org.pneumostream.settings.Settings;
import org.pneumostream.support.SampleRecords;

/** What happens to dead letters between listing and retrying them. */
class DeadLetterRetryIT extends OnEmbeddedCluster {
  @TempDir static Path directory;
  private static KafkaConnection kafka;

  @BeforeAll
  static void connect() {
    kafka = KafkaSettings.connectionWithTopics(Settings.of(AllSettings.ALL, cluster.settings()));
  }

  @Test
  void aSecondRetryFencesTheFirst() throws Exception {
    fail("twice");
    try (DeadLetterRetry first = new DeadLetterRetry(kafka, record -> {})) {
      TrackedDeadLetter seenByFirst = letter(first, "twice");
      try (DeadLetterRetry second = new DeadLetterRetry(kafka, record -> {})) {
        second.retry(letter(second, "twice"));
        assertThat(letter(second, "twice").state()).isEqualTo(TrackedDeadLetter.State.UNDERWAY);
      }

      assertThatThrownBy(() -> first.retry(seenByFirst)).isInstanceOf(KafkaException.class);
    }
    assertThat(volumes("twice")).hasSize(2);
  }

  @Test
  void aScanErasedSinceTheLettersWereReadIsNotRetried() throws Exception {
    fail("erased");
    try (DeadLetterRetry retry = new DeadLetterRetry(kafka, record -> {})) {
      TrackedDeadLetter letter = letter(retry, "erased");
      send(new ProducerRecord<>(kafka.topics().deadLetters().name(), "erased", null));

      assertThatThrownBy(() -> retry.retry(letter))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("the scan was erased");
    }
    assertThat(volumes("erased")).hasSize(1);
  }

  @Test
  void aScanErasedBetweenTheLastLookAndTheCommitIsNotRetried() throws Exception {
    String key = "0f".repeat(32);
    fail(key);
    try (DeadLetterRetry retry = new DeadLetterRetry(interrupted(), record -> {})) {
      TrackedDeadLetter letter = letter(retry, key);
      // The whole erasure happens while the record is in flight to the broker.
      SendHook.before(
          sent -> sent.headers().lastHeader(RetryOf.HEADER) != null,
          () -> erasure(kafka).erase(key));

      assertThatThrownBy(() -> retry.retry(letter))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("the scan was erased");
    }
    assertErased(key);
  }

  @Test
  void aScanWithAnErasureInProgressIsNotRetried() throws Exception {
    String key = "1e".repeat(32);
    fail(key);
    CompletableFuture<Void> halfWay = new CompletableFuture<>();
    CompletableFuture<Void> retried = new CompletableFuture<>();
    try (DeadLetterRetry retry = new DeadLetterRetry(kafka, record -> {})) {
      TrackedDeadLetter letter = letter(retry, key);
      // The tombstone on volumes has been sent by then; it is committed after the retry.
      SendHook.before(
          sent -> sent.value() == null && sent.topic().equals(kafka.topics().alerts().name()),
          () -> {
            halfWay.complete(null);
            retried.join();
          });
      CompletableFuture<Void> erased =
          CompletableFuture.runAsync(
              () -> {
                try {
                  erasure(interrupted()).erase(key);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      CompletableFuture.anyOf(halfWay, erased).join();
      try {
        assertThatThrownBy(() -> retry.retry(letter))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageEndingWith("the scan was erased");
      } finally {
        retried.complete(null);
        erased.join();
      }
    }
    assertErased(key);
  }

  @Test
  void anExpiredLetterIsReported() throws Exception {
    fail("expired");
    try (DeadLetterRetry retry = new DeadLetterRetry(kafka, record -> {});
        Admin admin = kafka.admin()) {
      TrackedDeadLetter letter = letter(retry, "expired");
      TopicPartition deadLetters = new TopicPartition(kafka.topics().deadLetters().name(), 0);
      admin
          .deleteRecords(Map.of(deadLetters, RecordsToDelete.beforeOffset(letter.number() + 1)))
          .all()
          .get();

      assertThatThrownBy(() -> retry.retry(letter))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageEndingWith("has expired meanwhile");
    }
  }

  private static Erasure erasure(KafkaConnection connection) {
    return new Erasure(connection, new DirectoryScanStore(directory.resolve("scans")), "pneumonia");
  }

  /** The same Kafka, with clients that {@link SendHook} intercepts. */
  private static KafkaConnection interrupted() {
    Map<String, String> settings = new HashMap<>(cluster.settings());
    settings.put("kafka.interceptor.classes", SendHook.class.getName());
    return KafkaSettings.connection(Settings.of(AllSettings.ALL, settings));
  }

  private static void assertErased(String key) {
    List<ConsumerRecord<String, byte[]>> volumes = volumes(key);
    assertThat(volumes.get(volumes.size() - 1).value()).isNull();
  }

  private static TrackedDeadLetter letter(DeadLetterRetry retry, String key) {
    return retry.deadLetters().stream()
        .filter(letter -> letter.last().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  /** A volume that the scorer failed on. */
  private static void fail(String key) throws Exception {
    RecordMetadata volume =
        send(new ProducerRecord<>(kafka.topics().volumes().name(), key, new byte[4]));
    send(
        kafka
            .topics()
            .deadLetters()
            .record(
                key,
                SampleRecords.deadLetter()
                    .setTopic(volume.topic())
                    .setPartition(volume.partition())
                    .setOffset(volume.offset())
                    .setFailedAt(Instant.now())
                    .setModel("pneumonia")
                    .setContent(ByteBuffer.wrap(new byte[4]))
                    .build()));
  }

  private static RecordMetadata send(ProducerRecord<String, byte[]> record) throws Exception {
    try (Producer<String, byte[]> producer = kafka.producer(Map.of())) {
      return producer.send(record).get();
    }
  }

  private static List<ConsumerRecord<String, byte[]>> volumes(String key) {
    List<ConsumerRecord<String, byte[]>> volumes = new ArrayList<>();
    try (var consumer = kafka.consumer(Map.of())) {
      CommittedRecords.upToNow(consumer, kafka.topics().volumes().name())
          .forEach(
              record -> {
                if (record.key().equals(key)) {
                  volumes.add(record);
                }
              });
    }
    return volumes;
  }
}
