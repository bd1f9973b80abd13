package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.SampleVolumes;
import org.pneumostream.ingest.IngestService;
import org.pneumostream.preprocess.PreprocessService;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.LostPositionException;
import org.pneumostream.settings.Settings;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.volume.InputShape;

/** Start of preprocess-stream when Kafka has removed its position, on the real broker. */
@Timeout(300)
class PreprocessStartIT extends OnEmbeddedCluster {
  @TempDir Path directory;

  @Test
  void resumesAfterItsLastOutputIfItsPositionIsLost(TestInfo test) throws Exception {
    try (RunningSystem system = system(test);
        IngestService ingest = IngestService.start(system.settings())) {
      for (int seed = 0; seed < 4; seed++) {
        system.push(ingest.port(), SmallPhantom.file(seed), "abnormal");
      }
      // Erased and pushed again, so that reading both records again would make a second volume.
      String again = system.push(ingest.port(), SmallPhantom.file(4));
      String junk = "f".repeat(64);
      try (PreprocessService preprocess = PreprocessService.start(system.settings())) {
        system.await(system.topics().volumes(), read -> read.size() == 5);
        system.await(system.topics().labeledVolumes(), read -> read.size() == 4);
        send(system, system.topics().scans().name(), again, null);
        system.await(system.topics().volumes(), read -> read.size() == 6);
        send(system, system.topics().scans().name(), junk, new byte[] {1, 2});
        system.await(
            system.topics().deadLetters(),
            read -> read.stream().anyMatch(letter -> letter.key().equals(junk)));
        assertThat(preprocess.stopped()).isNotDone();
      }
      forgetPosition(system);
      final String last = system.push(ingest.port(), SmallPhantom.file(5));

      try (PreprocessService preprocess = PreprocessService.start(system.settings())) {
        system.await(system.topics().volumes(), read -> RunningSystem.keys(read).contains(last));
        // The table of labels is read again, so labeled volumes are written again.
        system.await(
            system.topics().labeledVolumes(),
            read -> read.stream().filter(labeled -> labeled.value() != null).count() == 8);
        assertThat(preprocess.stopped()).isNotDone();
      }

      assertThat(system.now(system.topics().volumes())).hasSize(7);
      assertThat(system.now(system.topics().deadLetters()).stream().filter(r -> r.value() != null))
          .extracting(Read::key)
          .containsExactly(junk);
    }
  }

  @Test
  void volumesOfOtherProducersDoNotCountAsItsOutput(TestInfo test) throws Exception {
    try (RunningSystem system = system(test);
        IngestService ingest = IngestService.start(system.settings())) {
      String scan = system.push(ingest.port(), SmallPhantom.file(1));
      SampleVolumes volumes = new SampleVolumes(InputShape.SMALL, system.topics().volumes());
      try (var producer = system.kafka().producer(Map.of())) {
        producer.send(volumes.record(1)).get();
      }

      try (PreprocessService preprocess = PreprocessService.start(system.settings())) {
        system.await(system.topics().volumes(), read -> RunningSystem.keys(read).contains(scan));
        assertThat(preprocess.stopped()).isNotDone();
      }
    }
  }

  @Test
  void stopsIfItsPositionIsLostAndItsOutputsDoNotTellIt(TestInfo test) throws Exception {
    try (RunningSystem system = system(test);
        IngestService ingest = IngestService.start(system.settings())) {
      system.push(ingest.port(), SmallPhantom.file(1));
      try (PreprocessService preprocess = PreprocessService.start(system.settings())) {
        system.await(system.topics().volumes(), read -> read.size() == 1);
        assertThat(preprocess.stopped()).isNotDone();
      }
      forgetPosition(system);
      // Its outputs are gone, too; its tables show that it has worked.
      emptyVolumes(system);

      assertThatThrownBy(() -> PreprocessService.start(system.settings()))
          .isInstanceOf(LostPositionException.class)
          .hasMessageContaining("scans.preprocess-stream has lost its position in ")
          .hasMessageContaining("lost-position=earliest");

      String last = system.push(ingest.port(), SmallPhantom.file(2));
      Settings earliest = system.settings().with(Map.of("lost-position", "earliest"));
      try (PreprocessService preprocess = PreprocessService.start(earliest)) {
        system.await(system.topics().volumes(), read -> RunningSystem.keys(read).contains(last));
        assertThat(preprocess.stopped()).isNotDone();
      }
    }
  }

  private static void emptyVolumes(RunningSystem system) throws Exception {
    String volumes = system.topics().volumes().name();
    try (Admin admin = system.kafka().admin()) {
      admin.deleteTopics(List.of(volumes)).all().get();
      Condition.await(
          "volumes deleted",
          RunningSystem.PATIENCE,
          () -> !admin.listTopics().names().get().contains(volumes));
    }
    KafkaSettings.connectionWithTopics(system.settings());
  }

  private RunningSystem system(TestInfo test) {
    RunningSystem system =
        new RunningSystem(
            cluster.bootstrapServers(),
            cluster.registryUrl(),
            test.getTestMethod().orElseThrow().getName() + ".",
            directory,
            Map.of("partitions", "1"));
    KafkaSettings.connectionWithTopics(system.settings());
    return system;
  }

  private static void send(RunningSystem system, String topic, String key, byte[] value)
      throws Exception {
    try (var producer = system.kafka().producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    }
  }

  private static void forgetPosition(RunningSystem system) throws Exception {
    try (Admin admin = system.kafka().admin()) {
      admin.deleteConsumerGroups(List.of(PreprocessService.group(system.topics()))).all().get();
    }
  }
}
