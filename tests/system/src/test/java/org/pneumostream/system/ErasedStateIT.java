package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
import org.pneumostream.system.RunningSystem.Read;

/** An erasure while preprocess-stream is down, whose tables on disk then are stale. */
@Timeout(400)
class ErasedStateIT extends ErasingCluster {
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
    return system.topics().scans().record(id, SmallPhantom.scan(SmallPhantom.file(1)));
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
}
