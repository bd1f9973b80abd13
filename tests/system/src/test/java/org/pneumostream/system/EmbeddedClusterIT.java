package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.cli.AllSettings;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaConnection;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.RecordRoom;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.Registry;
import org.pneumostream.schemas.Topic;
import org.pneumostream.schemas.TopicSettings;
import org.pneumostream.schemas.Topics;
import org.pneumostream.settings.SettingException;
import org.pneumostream.settings.Settings;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedCluster;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.trainer.TrainerService;

class EmbeddedClusterIT {
  private static final Label LABEL =
      new Label(Finding.ABNORMAL, "reader-1", Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir Path directory;

  @Test
  void doesNotStartAServiceWhoseRecordsWouldBeRefused() {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      Settings settings =
          Settings.of(AllSettings.ALL, cluster.settings())
              .with(Map.of("kafka.max.request.size", "1500000"));

      assertRefused(
          () -> IngestService.start(settings),
          "inline-max-bytes: 4194304 bytes, expected at least 5242880");
      assertRefused(
          () -> PreprocessService.start(settings),
          "input-shape: a volume takes 2097152 bytes, expected at least 3145728");
      assertRefused(
          () -> TrainerService.start(settings),
          "a model takes up to 8388608 bytes, expected at least 8388608");
    }
  }

  private static void assertRefused(ThrowingCallable start, String reason) {
    assertThatThrownBy(start)
        .isInstanceOf(SettingException.class)
        .hasMessage("kafka.max.request.size: 1500000, but " + reason);
  }

  @Test
  void raisesATopicsLimitOrNamesTheTopic() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      Settings settings = Settings.of(AllSettings.ALL, cluster.settings());
      KafkaConnection kafka = KafkaSettings.connectionWithTopics(settings);
      Settings larger =
          settings.with(Map.of("inline-max-bytes", "32 MiB", "input-shape", "256x256x256"));
      Topics topics = kafka.topics();

      assertThatThrownBy(() -> RecordRoom.require(kafka, larger, topics.scans()))
          .isInstanceOf(SettingException.class)
          .hasMessage(
              "inline-max-bytes: 33554432 bytes, but topic pneumostream.scans accepts"
                  + " records of up to"
                  + " 16777216 bytes only, expected max.message.bytes=34603008");
      for (Topic<?> topic : List.of(topics.volumes(), topics.labeledVolumes())) {
        assertThatThrownBy(() -> RecordRoom.require(kafka, larger, topic))
            .isInstanceOf(SettingException.class)
            .hasMessage(
                "input-shape: a volume takes 33554432 bytes, but topic %s accepts records of up to"
                        .formatted(topic.name())
                    + " 16777216 bytes only, expected max.message.bytes=34603008");
      }

      KafkaConnection upgraded = KafkaSettings.connectionWithTopics(larger);
      RecordRoom.require(
          upgraded, larger, topics.scans(), topics.volumes(), topics.labeledVolumes());
    }
  }

  @Test
  void recordsAndSchemaIdsSurviveARestartOnOtherPorts() throws Exception {
    byte[] written;
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      KafkaConnection kafka = connection(cluster);
      try (Admin admin = kafka.admin();
          var producer = kafka.producer(Map.of())) {
        kafka.topics().createMissing(admin);
        var record = kafka.topics().labels().record("id-1", LABEL);
        written = record.value();
        producer.send(record).get();
      }
    }
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      KafkaConnection kafka = connection(cluster);
      try (Admin admin = kafka.admin()) {
        kafka.topics().createMissing(admin);
      }
      byte[] read = only(kafka, kafka.topics().labels());
      assertThat(read).isEqualTo(written);
      assertThat(kafka.topics().labels().value(read)).isEqualTo(LABEL);
      assertThat(kafka.topics().labels().record("id-1", LABEL).value()).isEqualTo(written);
    }
  }

  @Test
  void createsTopicsOfTheCatalogueAndRegistersBackwardCompatibleSchemas() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      KafkaConnection kafka = connection(cluster);
      try (Admin admin = kafka.admin()) {
        kafka.topics().createMissing(admin);
        kafka.topics().createMissing(admin);
        for (Topic<?> topic : kafka.topics().all()) {
          var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
          var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
          topic
              .settings()
              .forEach(
                  (key, value) ->
                      assertThat(config.get(key).value())
                          .as(topic.name() + " " + key)
                          .isEqualTo(value));
          var description = admin.describeTopics(List.of(topic.name())).allTopicNames().get();
          assertThat(description.get(topic.name()).partitions()).hasSize(topic.partitions());
          assertThat(RegistryApi.compatibility(cluster.registryUrl(), topic.name() + "-value"))
              .isEqualTo("BACKWARD");
        }
      }
    }
  }

  @Test
  void servicesMayCreateTopicsAndRegisterSchemasConcurrently() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      List<CompletableFuture<Void>> services =
          Stream.generate(() -> connection(cluster))
              .limit(4)
              .map(
                  kafka ->
                      CompletableFuture.runAsync(
                          () -> {
                            try (Admin admin = kafka.admin()) {
                              kafka.topics().createMissing(admin);
                            }
                          }))
              .toList();
      for (CompletableFuture<Void> service : services) {
        service.get();
      }
      for (Topic<?> topic : connection(cluster).topics().all()) {
        assertThat(RegistryApi.compatibility(cluster.registryUrl(), topic.name() + "-value"))
            .isEqualTo("BACKWARD");
      }
    }
  }

  @Test
  void refusesASecondSystemOnTheSameDirectory() {
    try (DataDirectory held = DataDirectory.hold(directory)) {
      assertThatThrownBy(() -> DataDirectory.hold(directory))
          .isInstanceOf(SettingException.class)
          .hasMessageContaining("in use by another pneumostream");
      assertThat(held.path()).isEqualTo(directory.toAbsolutePath());
    }
  }

  @Test
  void reportsABrokerThatEndsDuringItsStart() throws Exception {
    try (DataDirectory data = DataDirectory.hold(directory)) {
      Files.createDirectories(data.resolve("kafka"));
      Files.writeString(data.resolve("kafka").resolve("meta.properties"), "version=1\n");
      try (EmbeddedKafka kafka = EmbeddedKafka.start(data, 0)) {
        assertThatThrownBy(kafka::awaitReady)
            .hasMessageStartingWith("kafka ended with status 1: ")
            .hasMessageContaining("meta.properties")
            .hasMessageEndingWith("; see " + data.resolve("logs").resolve("kafka.log"));
      }
    }
  }

  private static KafkaConnection connection(EmbeddedCluster cluster) {
    return connection(cluster, "test.", 2);
  }

  private static KafkaConnection connection(
      EmbeddedCluster cluster, String prefix, int partitions) {
    return new KafkaConnection(
        cluster.bootstrapServers(),
        Registry.at(cluster.registryUrl(), Map.of()),
        new TopicSettings(prefix, partitions, (short) -1, 16 << 20),
        Map.of());
  }

  /**
   * A leader that does not yet know its role refuses a first batch but may take the second. After
   * that it refuses the first one for good, and the idempotent producer retries until its delivery
   * times out.
   */
  @Test
  void newTopicsAcceptConcurrentRequests() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(directory, 0, 0)) {
      for (int round = 0; round < 8; round++) {
        KafkaConnection kafka = connection(cluster, "round-" + round + ".", 16);
        try (Admin admin = kafka.admin();
            var producer =
                kafka.producer(
                    Map.of(
                        ProducerConfig.LINGER_MS_CONFIG, 0, ProducerConfig.BATCH_SIZE_CONFIG, 1))) {
          kafka.topics().createMissing(admin);
          byte[] value = kafka.topics().labels().record("id", LABEL).value();
          List<Future<RecordMetadata>> sent = new ArrayList<>();
          for (int record = 0; record < 64; record++) {
            String topic = kafka.topics().labels().name();
            sent.add(producer.send(new ProducerRecord<>(topic, record % 16, "id", value)));
          }
          for (Future<RecordMetadata> one : sent) {
            assertThat(one).succeedsWithin(Duration.ofSeconds(20));
          }
        }
      }
    }
  }

  private static byte[] only(KafkaConnection kafka, Topic<?> topic) {
    try (var consumer = kafka.consumer(Map.of())) {
      List<byte[]> values = new ArrayList<>();
      CommittedRecords.upToNow(consumer, topic.name())
          .forEach(record -> values.add(record.value()));
      assertThat(values).hasSize(1);
      return values.get(0);
    }
  }
}
