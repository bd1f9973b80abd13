package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.ledger.ErasedBytes;
import org.pneumostream.ledger.Erasure;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.Service;
import org.pneumostream.scanstore.ScanStore;
import org.pneumostream.scanstore.ScanStoreConfig;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Label;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Scan;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.schemas.Topic;
import org.pneumostream.standalone.DataDirectory;
import org.pneumostream.standalone.EmbeddedKafka;
import org.pneumostream.standalone.EmbeddedRegistry;
import org.pneumostream.system.RunningSystem.Read;

/** Traces of an erasure in the broker's own files. */
@Timeout(400)
class ErasedBytesIT {
  /** Longer than any machine needs; the topics' settings determine Kafka's own delays. */
  private static final Duration WITHIN = Duration.ofHours(2);

  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  @TempDir Path directory;

  private DataDirectory data;
  private EmbeddedKafka kafka;
  private EmbeddedRegistry registry;

  @BeforeEach
  void start() {
    data = DataDirectory.hold(directory.resolve("cluster"));
    registry = EmbeddedRegistry.start(data, 0);
    kafka =
        EmbeddedKafka.start(
            data, 0, Map.of("log.cleaner.backoff.ms", "200", "log.segment.delete.delay.ms", "100"));
    kafka.awaitReady();
    registry.awaitReady();
  }

  @AfterEach
  void stop() {
    registry.close();
    kafka.close();
    data.close();
  }

  @Test
  void noSegmentContainsAnErasedScan() throws Exception {
    try (RunningSystem system = system(WITHIN);
        RunningSystem sooner = system(SOON);
        var producer = system.kafka().producer(Map.of())) {
      // Existing settings may be stricter, and stay so.
      KafkaSettings.connectionWithTopics(sooner.settings());
      // The topics of its tables are its own.
      system.start(
          service ->
              service.equals("preprocess-stream")
                  ? Map.of("erase-within", SOON.toSeconds() + " s")
                  : Map.of());
      system.publishModel(1);
      String erased = system.push(SmallPhantom.file(1));
      String kept = system.push(SmallPhantom.file(2));
      system.label(erased, "abnormal");
      system.label(kept, "normal");
      byte[] junk = {1, 2, 3};
      for (String id : List.of(erased, kept)) {
        producer.send(new ProducerRecord<>(system.topics().volumes().name(), id, junk)).get();
      }
      system.await(system.topics().predictions(), read -> RunningSystem.keys(read).size() == 2);
      system.await(system.topics().alerts(), read -> RunningSystem.keys(read).size() == 2);
      system.await(system.topics().labeledVolumes(), read -> RunningSystem.keys(read).size() == 2);
      // One letter of each scan from preprocess-stream, and one from the scorer.
      system.await(system.topics().deadLetters(), read -> read.size() == 4);
      assertThat(topicsThatHold(erased)).hasSize(9);

      assertThat(system.delete("/scans/" + erased).statusCode()).isEqualTo(200);

      ErasedBytes bytes = new ErasedBytes(system.kafka());
      Condition.await(
          "erased bytes gone",
          PATIENCE,
          () -> bytes.round(Instant.now()) && topicsThatHold(erased).isEmpty());
      for (Topic<?> topic : system.topics().keyedByScan()) {
        assertThat(system.records(topic))
            .as(topic.name())
            .extracting(ConsumerRecord::key)
            .contains(kept)
            .as("aborted records are nobody's")
            .doesNotContain("");
      }
      assertThat(policies(system)).containsOnly("compact,delete");
      assertThat(bytes.round(Instant.now().plus(WITHIN.multipliedBy(3)))).isFalse();
      assertThat(policies(system)).containsOnly("delete");
    }
  }

  /**
   * Kafka Streams reuses the tables on disk, and the label's tombstone has left the topic by then.
   */
  @Test
  void anErasedLabelDoesNotReturnFromStaleState() throws Exception {
    try (RunningSystem system = system(SOON, Map.of("partitions", "1"))) {
      KafkaSettings.connectionWithTopics(system.settings());
      String erased = "1a".repeat(32);
      String later = "2b".repeat(32);
      try (Service service = PreprocessService.start(system.settings())) {
        send(system, scan(system, erased), label(system, erased));
        system.await(system.topics().labeledVolumes(), read -> read.size() == 1);
        assertThat(service.stopped()).isNotDone();
      }
      set(system, system.topics().labels().name(), "delete.retention.ms", "0");
      send(
          system,
          new ProducerRecord<>(system.topics().scans().name(), erased, null),
          new ProducerRecord<>(system.topics().labels().name(), erased, null),
          new ProducerRecord<>(system.topics().deadLetters().name(), erased, null));
      ErasedBytes bytes = new ErasedBytes(system.kafka());
      Instant now = Instant.now();
      Condition.await(
          "tombstone of the label gone",
          PATIENCE,
          () ->
              bytes.round(now)
                  && RunningSystem.keys(system.now(system.topics().labels())).isEmpty());
      age(directory.resolve("services").resolve("preprocess-state"), Duration.ofDays(2));

      try (Service service = PreprocessService.start(system.settings())) {
        // The scan's tombstone has been read, so a scan pushed from now on is accepted again.
        system.await(
            system.topics().labeledVolumes(),
            read -> read.stream().anyMatch(one -> one.key().equals(erased) && one.value() == null));
        send(system, scan(system, erased), label(system, later), scan(system, later));
        List<Read<LabeledVolume>> labeled =
            system.await(
                system.topics().labeledVolumes(),
                read -> read.stream().anyMatch(one -> one.key().equals(later)));
        // Records before the tombstone may still exist.
        assertThat(isThere(labeled, erased)).isFalse();
        assertThat(isThere(system.now(system.topics().volumes()), erased)).isTrue();
        assertThat(service.stopped()).isNotDone();
      }
    }
  }

  /** Compaction removes the tombstone once a later record of the scan follows. */
  @Test
  void aScanPushedAgainAfterAnUnseenErasureBecomesAVolume() throws Exception {
    try (RunningSystem system = system(SOON, Map.of("partitions", "1"))) {
      KafkaSettings.connectionWithTopics(system.settings());
      String erased = "1a".repeat(32);
      String later = "2b".repeat(32);
      try (Service service = PreprocessService.start(system.settings())) {
        send(system, scan(system, erased));
        system.await(system.topics().volumes(), read -> read.size() == 1);
        assertThat(service.stopped()).isNotDone();
      }
      try (ScanStore store = ScanStore.open(ScanStoreConfig.from(system.settings()))) {
        new Erasure(system.kafka(), store, "pneumonia").erase(erased);
      }
      send(system, scan(system, erased));
      ErasedBytes bytes = new ErasedBytes(system.kafka());
      Instant now = Instant.now();
      Condition.await(
          "tombstone of the scan gone",
          PATIENCE,
          () -> bytes.round(now) && system.now(system.topics().scans()).size() == 1);

      try (Service service = PreprocessService.start(system.settings())) {
        send(system, scan(system, later));
        system.await(system.topics().volumes(), read -> RunningSystem.keys(read).contains(later));
        assertThat(isThere(system.now(system.topics().volumes()), erased)).isTrue();
        assertThat(service.stopped()).isNotDone();
      }
    }
  }

  /** Whether the latest record of a key has a value. */
  private static <V> boolean isThere(List<Read<V>> records, String key) {
    boolean isThere = false;
    for (Read<V> record : records) {
      isThere = record.key().equals(key) ? record.value() != null : isThere;
    }
    return isThere;
  }

  @SafeVarargs
  private static void send(RunningSystem system, ProducerRecord<String, byte[]>... records)
      throws ExecutionException, InterruptedException {
    try (var producer = system.kafka().producer(Map.of())) {
      for (ProducerRecord<String, byte[]> record : records) {
        producer.send(record).get();
      }
    }
  }

  private static ProducerRecord<String, byte[]> scan(RunningSystem system, String id)
      throws IOException {
    Scan scan =
        Scan.newBuilder()
            .setReceivedAt(Instant.now())
            .setSource(ScanSource.HTTP)
            .setContent(ByteBuffer.wrap(SmallPhantom.published(SmallPhantom.file(1))))
            .build();
    return system.topics().scans().record(id, scan);
  }

  private static ProducerRecord<String, byte[]> label(RunningSystem system, String id) {
    return system
        .topics()
        .labels()
        .record(id, new Label(Finding.NORMAL, "reader-1", Instant.now()));
  }

  private static void age(Path folder, Duration by) throws IOException {
    FileTime then = FileTime.from(Instant.now().minus(by));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  /** Settings of earlier versions, each of which may differ from today's. */
  @Test
  void existingTopicsGetTheSettingsThatErasuresNeed() throws Exception {
    try (RunningSystem system = system(WITHIN)) {
      KafkaSettings.connectionWithTopics(system.settings());
      String volumes = system.topics().volumes().name();
      set(system, volumes, "max.compaction.lag.ms", "9000000000");
      set(system, volumes, "delete.retention.ms", "1000");
      set(system, volumes, "max.message.bytes", "1000");
      set(system, volumes, "retention.ms", "77");

      KafkaSettings.connectionWithTopics(system.settings());

      assertThat(setting(system, volumes, "max.compaction.lag.ms"))
          .isEqualTo(Long.toString(WITHIN.toMillis() / 4));
      assertThat(setting(system, volumes, "delete.retention.ms"))
          .isEqualTo(Long.toString(Duration.ofDays(8).toMillis()));
      assertThat(setting(system, volumes, "max.message.bytes"))
          .isEqualTo(Integer.toString(16 << 20));
      assertThat(setting(system, volumes, "retention.ms")).isEqualTo("77");
    }
  }

  private RunningSystem system(Duration eraseWithin) {
    return system(eraseWithin, Map.of());
  }

  private RunningSystem system(Duration eraseWithin, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("erase-within", eraseWithin.toSeconds() + " s");
    settings.put("alert-threshold", "0");
    return new RunningSystem(
        kafka.bootstrapServers(), registry.url(), "test.", directory.resolve("services"), settings);
  }

  /** Names of topics with a value under the key in any segment, including deleted ones. */
  private Set<String> topicsThatHold(String key) throws IOException {
    Set<String> found = new TreeSet<>();
    List<Path> segments;
    try (Stream<Path> files = Files.walk(data.resolve("kafka"))) {
      segments = files.filter(file -> file.getFileName().toString().contains(".log")).toList();
    }
    for (Path segment : segments) {
      String partition = segment.getParent().getFileName().toString();
      if (partition.startsWith("test.") && holds(segment, key)) {
        found.add(partition.substring(0, partition.lastIndexOf('-')));
      }
    }
    return found;
  }

  private static boolean holds(Path segment, String key) throws IOException {
    ByteBuffer wanted = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
      for (Record record : records.records()) {
        if (record.hasValue() && wanted.equals(record.key())) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static List<String> policies(RunningSystem system) throws Exception {
    List<String> policies = new ArrayList<>();
    for (Topic<?> topic : system.topics().keptForATime()) {
      policies.add(setting(system, topic.name(), "cleanup.policy"));
    }
    return policies;
  }

  private static String setting(RunningSystem system, String topic, String key)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = system.kafka().admin()) {
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
    }
  }

  private static void set(RunningSystem system, String topic, String key, String value)
      throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    try (Admin admin = system.kafka().admin()) {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }
  }
}
