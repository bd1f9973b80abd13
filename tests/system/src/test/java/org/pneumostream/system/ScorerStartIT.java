package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.bench.SampleVolumes;
import org.pneumostream.ledger.DeadLetterRetry;
import org.pneumostream.ledger.TopicAudit;
import org.pneumostream.runtime.CommittedRecords;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.LostPositionException;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.scorer.ScorerService;
import org.pneumostream.settings.Settings;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.volume.InputShape;

/** Scorers that start on a system with existing records, on the real broker. */
@Timeout(300)
class ScorerStartIT extends OnEmbeddedCluster {
  @TempDir Path directory;
  private int sent;

  @Test
  void onlyTheCurrentChampionScoresTheBacklog(TestInfo test) throws Exception {
    try (RunningSystem system = system(test)) {
      system.publishModel(1);
      List<String> scored = send(system, 2);
      try (ScorerService scorer = ScorerService.start(system.settings())) {
        awaitPredictions(system, scored.size());
        assertThat(scorer.stopped()).isNotDone();
      }
      for (long seed = 2; seed <= 3; seed++) {
        system.models().promote(system.publishModel(seed).getVersion(), "test");
      }
      assertThat(system.models().rollback("test").getVersion()).isEqualTo("2");
      final List<String> waiting = send(system, 12);

      try (ScorerService scorer = ScorerService.start(system.settings())) {
        List<Read<Prediction>> predictions = awaitPredictions(system, 14);
        assertThat(scorer.stopped()).isNotDone();
        assertThat(predictions.stream().filter(read -> waiting.contains(read.key())))
            .hasSize(12)
            .extracting(read -> read.value().getModelVersion())
            .containsOnly("2");
      }
    }
  }

  @Test
  void aScorerWithALostPositionResumesAfterItsLastAnswer(TestInfo test) throws Exception {
    try (RunningSystem system = system(test)) {
      system.publishModel(1);
      send(system, 5);
      String failed = sendJunk(system);
      try (ScorerService scorer = ScorerService.start(system.settings())) {
        awaitPredictions(system, 5);
        system.await(system.topics().deadLetters(), read -> !read.isEmpty());
        assertThat(scorer.stopped()).isNotDone();
      }
      forgetPosition(system);
      final String last = send(system, 1).get(0);

      try (ScorerService scorer = ScorerService.start(system.settings())) {
        system.await(
            system.topics().predictions(), read -> RunningSystem.keys(read).contains(last));
        assertThat(scorer.stopped()).isNotDone();
      }

      assertThat(system.now(system.topics().predictions()))
          .hasSize(6)
          .extracting(Read::key)
          .doesNotHaveDuplicates();
      assertThat(system.now(system.topics().deadLetters()))
          .extracting(Read::key)
          .containsExactly(failed);
    }
  }

  @Test
  void aScorerWithALostPositionAndNoAnswersStops(TestInfo test) throws Exception {
    try (RunningSystem system = system(test)) {
      system.publishModel(1);
      send(system, 4);
      try (ScorerService scorer = ScorerService.start(system.settings())) {
        awaitPredictions(system, 4);
        assertThat(scorer.stopped()).isNotDone();
      }
      forgetPosition(system);
      expirePredictions(system);
      final String last = send(system, 1).get(0);

      try (ScorerService scorer = ScorerService.start(system.settings())) {
        assertThatThrownBy(() -> scorer.stopped().get(90, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(LostPositionException.class)
            .hasMessageContaining("volumes.scorer.pneumonia has lost its position in ")
            .hasMessageContaining("lost-position=earliest");
      }
      assertThat(system.now(system.topics().predictions())).isEmpty();

      Settings earliest = system.settings().with(Map.of("lost-position", "earliest"));
      try (ScorerService scorer = ScorerService.start(earliest)) {
        assertThat(awaitPredictions(system, 5)).extracting(Read::key).contains(last);
        assertThat(scorer.stopped()).isNotDone();
      }
    }
  }

  @Test
  void twoModelsScoreEveryScanAndAreRetriedSeparately(TestInfo test) throws Exception {
    try (RunningSystem system = system(test);
        RunningSystem other = system(test, Map.of("model-name", "tuberculosis"))) {
      system.publishModel(1);
      other.publishModel(2);
      try (ScorerService first = ScorerService.start(system.settings());
          ScorerService second = ScorerService.start(other.settings())) {
        List<String> ids = send(system, 8);
        List<Read<Prediction>> predictions = awaitPredictions(system, 16);
        for (String model : List.of("pneumonia", "tuberculosis")) {
          assertThat(predictions.stream().filter(read -> read.value().getModelName().equals(model)))
              .extracting(Read::key)
              .containsExactlyInAnyOrderElementsOf(ids);
        }

        sendJunk(system);
        system.await(system.topics().deadLetters(), read -> read.size() == 2);
        try (DeadLetterRetry retry = new DeadLetterRetry(system.kafka(), record -> {})) {
          var letters = retry.deadLetters();
          assertThat(letters)
              .extracting(letter -> letter.last().letter().getModel())
              .containsExactlyInAnyOrder("pneumonia", "tuberculosis");
          retry.retry(letters.get(0));
          retry.retry(letters.get(1));
        }
        assertThat(system.await(system.topics().deadLetters(), read -> read.size() == 4))
            .extracting(read -> read.value().getModel(), read -> read.value().getStage())
            .containsExactlyInAnyOrder(
                tuple("pneumonia", "scorer"),
                tuple("pneumonia", "scorer"),
                tuple("tuberculosis", "scorer"),
                tuple("tuberculosis", "scorer"));
        for (String model : List.of("pneumonia", "tuberculosis")) {
          assertThat(new TopicAudit(system.kafka(), record -> {}).balance(model).scans().repeated())
              .isEmpty();
        }
        assertThat(first.stopped()).isNotDone();
        assertThat(second.stopped()).isNotDone();
      }
    }
  }

  private RunningSystem system(TestInfo test) {
    return system(test, Map.of());
  }

  private RunningSystem system(TestInfo test, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("partitions", "2");
    settings.put("score-batch-max", "1");
    RunningSystem system =
        new RunningSystem(
            cluster.bootstrapServers(),
            cluster.registryUrl(),
            test.getTestMethod().orElseThrow().getName() + ".",
            directory,
            settings);
    KafkaSettings.connectionWithTopics(system.settings());
    return system;
  }

  private List<String> send(RunningSystem system, int count) throws Exception {
    SampleVolumes volumes = new SampleVolumes(InputShape.SMALL, system.topics().volumes());
    List<String> ids = new ArrayList<>();
    try (var producer = system.kafka().producer(Map.of())) {
      for (int i = 0; i < count; i++) {
        ProducerRecord<String, byte[]> volume = volumes.record(sent++);
        producer.send(volume).get();
        ids.add(volume.key());
      }
    }
    return ids;
  }

  private static String sendJunk(RunningSystem system) throws Exception {
    String key = "f".repeat(64);
    try (var producer = system.kafka().producer(Map.of())) {
      producer
          .send(new ProducerRecord<>(system.topics().volumes().name(), key, new byte[] {1, 2}))
          .get();
    }
    return key;
  }

  private static List<Read<Prediction>> awaitPredictions(RunningSystem system, int count) {
    return system.await(system.topics().predictions(), read -> read.size() >= count);
  }

  /**
   * Removes offsets, as Kafka does for a group that was empty for {@code
   * offsets.retention.minutes}.
   */
  private static void forgetPosition(RunningSystem system) throws Exception {
    try (Admin admin = system.kafka().admin()) {
      admin
          .deleteConsumerGroups(List.of(ScorerService.group(system.topics(), "pneumonia")))
          .all()
          .get();
    }
  }

  /** Removes predictions, as Kafka does after their retention. */
  private static void expirePredictions(RunningSystem system) throws Exception {
    try (Admin admin = system.kafka().admin();
        var consumer = system.kafka().consumer(Map.of())) {
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      consumer
          .endOffsets(
              CommittedRecords.partitions(consumer, List.of(system.topics().predictions().name())))
          .forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
      admin.deleteRecords(all).all().get();
    }
  }
}
