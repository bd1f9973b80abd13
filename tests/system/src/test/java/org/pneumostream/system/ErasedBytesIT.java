package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pneumostream.ledger.ErasedBytes;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.schemas.Topic;

/** Traces of an erasure in the broker's own files. */
@Timeout(400)
class ErasedBytesIT extends ErasingCluster {
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

  /** Names of topics with a value under the key in any segment, including deleted ones. */
  private Set<String> topicsThatHold(String key) throws IOException {
    Set<String> found = new TreeSet<>();
    List<Path> segments;
    try (Stream<Path> files = Files.walk(cluster.data().resolve("kafka"))) {
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
}
