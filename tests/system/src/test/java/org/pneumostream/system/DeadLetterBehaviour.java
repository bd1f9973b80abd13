package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pneumostream.system.RunningSystem.keys;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.pneumostream.bench.UntrainedModel;
import org.pneumostream.classifier.ModelMetadata;
import org.pneumostream.cli.Execution;
import org.pneumostream.ingest.DirectIngest;
import org.pneumostream.ingest.Outcome;
import org.pneumostream.ingest.Provenance;
import org.pneumostream.ingest.ScanFile;
import org.pneumostream.runtime.KafkaSettings;
import org.pneumostream.runtime.Service;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.LabeledVolume;
import org.pneumostream.schemas.Prediction;
import org.pneumostream.schemas.ScanSource;
import org.pneumostream.system.RunningSystem.Read;
import org.pneumostream.volume.InputShape;

/** Failed records are accounted for and can be retried. */
interface DeadLetterBehaviour extends SystemUnderTest {
  @Test
  default void aRefusedScanWaitsUntilItIsRetriedWithoutTheCause(TestInfo test) throws Exception {
    Path file = Files.write(directory().resolve("scan.nii.gz"), SmallPhantom.file(1));
    String id = ScanFile.of(file).scanId();
    Provenance labeled =
        new Provenance(ScanSource.COMMAND_LINE, Optional.empty(), Optional.of(Finding.NORMAL));
    Map<String, String> tooSmall = Map.of("partitions", "1", "max-dimension", "32");
    try (RunningSystem system = system(test, tooSmall).start()) {
      system.publishModel(1);
      // Another ingest, with different settings, accepts it.
      try (DirectIngest ingest =
          DirectIngest.open(system.settings().with(Map.of("max-dimension", "4096")))) {
        assertThat(ingest.publish(ScanFile.of(file), labeled)).isInstanceOf(Outcome.Accepted.class);
      }
      system.await(system.topics().deadLetters(), read -> read.size() == 1);
      JsonNode letter = run(system, "dead-letters", "list", "--json").json();
      assertThat(letter.path("number").asLong()).isZero();
      assertThat(letter.path("attempts").asInt()).isEqualTo(1);
      assertThat(letter.path("state").asText()).isEqualTo("waiting");
      assertThat(letter.path("key").asText()).isEqualTo(id);
      assertThat(letter.path("stage").asText()).isEqualTo("preprocess-stream");
      assertThat(letter.path("content").asInt()).isGreaterThan(SmallPhantom.file(1).length);
      assertThat(audit(system, 0).path("deadLettered").asInt()).isEqualTo(1);

      assertThat(run(system, "dead-letters", "retry", "0").out())
          .isEqualTo(
              "dead letter 0: back on %s, partition 0, offset 1%n"
                  .formatted(system.topics().scans().name()));
      system.await(system.topics().deadLetters(), read -> read.size() == 2);
      letter = run(system, "dead-letters", "list", "--json").json();
      assertThat(letter.path("number").asLong()).isZero();
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      assertThat(letter.path("state").asText()).isEqualTo("waiting");
      assertThat(run(system, "dead-letters", "show", "0").outLines())
          .contains("number     0", "error      InvalidDataException");
      // A reader disagrees with the pushed finding.
      system.label(id, "abnormal");
      system.await(system.topics().labels(), read -> read.size() == 2);
    }
    try (RunningSystem system = system(test, Map.of("partitions", "1"))) {
      assertThat(run(system, "dead-letters", "retry", "--all", "--stage", "scorer").out())
          .isEmpty();
      assertThat(run(system, "dead-letters", "retry", "--all").outLines()).hasSize(1);
      // Nobody has read it yet, so a second copy would be a duplicate.
      assertThat(run(system, "dead-letters", "retry", "--all").out()).isEmpty();
      assertThat(run(system, "dead-letters", "retry", "0").errLines())
          .containsExactly("retry: dead letter 0: a later record of its key is in flight");
      assertThat(audit(system, 1).path("missing")).extracting(JsonNode::asText).containsExactly(id);
      system.start();
      system.await(system.topics().predictions(), read -> read.size() == 1);
      List<Read<LabeledVolume>> training =
          system.await(system.topics().labeledVolumes(), read -> !read.isEmpty());

      assertThat(training)
          .extracting(read -> read.value().getLabel().getFinding())
          .containsExactly(Finding.ABNORMAL);
      assertThat(run(system, "dead-letters").out()).isEmpty();
      JsonNode letter = run(system, "dead-letters", "list", "--settled", "--json").json();
      assertThat(letter.path("state").asText()).isEqualTo("settled");
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      JsonNode audit = audit(system, 0);
      assertThat(audit.path("predicted").asInt()).isEqualTo(1);
      assertThat(audit.path("deadLettersSettled").asInt()).isEqualTo(1);
      Execution again = run(system, "dead-letters", "retry", "0");
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.errLines())
          .containsExactly(
              "retry: dead letter 0: it is settled: a later record of its key succeeded");
    }
  }

  @Test
  default void aVolumeThatDoesNotFitTheChampionWaitsForTheNext(TestInfo test) throws Exception {
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start()) {
      String id = system.push(SmallPhantom.file(1));
      system.await(system.topics().volumes(), read -> read.size() == 1);
      assertThat(audit(system, 1).path("missing")).extracting(JsonNode::asText).containsExactly(id);
      assertThat(run(system, "audit").outLines())
          .containsExactly(
              "1 scans: 0 predicted, 0 with a waiting dead letter, 0 erased, 1 missing;"
                  + " 0 predicted twice by one model",
              "dead letters: 0 waiting, 0 underway, 0 settled",
              "missing  " + id);

      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 1);
      assertThat(run(system, "dead-letters").outLines())
          .singleElement()
          .asString()
          .startsWith("   0   1  waiting ")
          .endsWith("orientation: canonical, expected as-stored as the model");
      assertThat(audit(system, 0).path("deadLettered").asInt()).isEqualTo(1);
      run(system, "dead-letters", "retry", "0");
      system.await(system.topics().deadLetters(), read -> read.size() == 2);

      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      awaitInForce(system, next);
      assertThat(run(system, "dead-letters", "retry", "--all").status()).isZero();
      system.await(system.topics().predictions(), read -> read.size() == 1);
      JsonNode letter = run(system, "dead-letters", "list", "--settled", "--json").json();
      assertThat(letter.path("state").asText()).isEqualTo("settled");
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      assertThat(audit(system, 0).path("predicted").asInt()).isEqualTo(1);
    }
  }

  @Test
  default void aScanPushedAgainAfterTheScorersDeadLetterIsPredictedOnce(TestInfo test)
      throws Exception {
    Path file = Files.write(directory().resolve("again.nii.gz"), SmallPhantom.file(1));
    String other = ScanFile.of(file).scanId();
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        DirectIngest ingest = DirectIngest.open(system.settings())) {
      // The first is pushed over HTTP, the second by the command line, which does not check topics.
      final String id = system.push(SmallPhantom.file(2));
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 2);
      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      awaitInForce(system, next);

      awaitTakenAgain(system, SmallPhantom.file(2));
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      system.await(system.topics().predictions(), read -> read.size() == 2);
      assertThat(keys(system.now(system.topics().predictions())))
          .containsExactlyInAnyOrder(id, other);
      assertThat(run(system, "dead-letters").out()).isEmpty();

      // They exist from here on, so pushing them again gives no second prediction.
      assertThat(system.post("/scans", SmallPhantom.file(2)).statusCode()).isEqualTo(200);
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      String last = system.push(SmallPhantom.file(3));
      system.await(system.topics().predictions(), read -> keys(read).contains(last));
      assertThat(audit(system, 0).path("predicted").asInt()).isEqualTo(3);
    }
  }

  /** The volume is retried and scored, so its letter no longer causes another one. */
  @Test
  default void aScanPushedAgainAfterItsLetterWasRetriedIsNotPredictedTwice(TestInfo test)
      throws Exception {
    Path file = Files.write(directory().resolve("retried.nii.gz"), SmallPhantom.file(1));
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        DirectIngest ingest = DirectIngest.open(system.settings())) {
      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 1);
      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      awaitInForce(system, next);
      assertThat(run(system, "dead-letters", "retry", "0").status()).isZero();
      system.await(system.topics().predictions(), read -> read.size() == 1);

      assertThat(ingest.publish(ScanFile.of(file), Provenance.of(ScanSource.COMMAND_LINE)))
          .isInstanceOf(Outcome.Accepted.class);
      String last = system.push(SmallPhantom.file(3));
      system.await(system.topics().predictions(), read -> keys(read).contains(last));
      assertThat(audit(system, 0).path("predicted").asInt()).isEqualTo(2);
      assertThat(system.now(system.topics().volumes())).hasSize(3);
    }
  }

  @Test
  default void auditReportsADuplicatePredictionAndAcceptsAnErasedScan(TestInfo test)
      throws Exception {
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      String id = system.push(SmallPhantom.file(1));
      Read<Prediction> prediction =
          system.await(system.topics().predictions(), read -> read.size() == 1).get(0);
      String predictions = system.topics().predictions().name();
      producer.send(new ProducerRecord<>(predictions, id, prediction.bytes())).get();

      JsonNode audit = audit(system, 1);
      assertThat(audit.path("predicted").asInt()).isEqualTo(1);
      assertThat(audit.path("predictedTwice").toString())
          .isEqualTo("[{\"scanId\":\"%s\",\"model\":\"pneumonia 1\"}]".formatted(id));
      assertThat(run(system, "audit").outLines())
          .endsWith("twice    " + id + "  model pneumonia 1");

      String data = directory().resolve("erasing").toString();
      assertThat(run(system, "erase", id, "--data-dir", data).status()).isZero();
      audit = audit(system, 0);
      assertThat(audit.path("erased").asInt()).isEqualTo(1);
      assertThat(audit.path("predicted").asInt()).isZero();
    }
  }

  @Test
  default void aRecordThatFailedInTwoStagesIsRetriedOnce(TestInfo test) throws Exception {
    byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
    try (RunningSystem system = system(test, Map.of("partitions", "1")).start();
        var producer = system.kafka().producer(Map.of())) {
      system.publishModel(1);
      String volumes = system.topics().volumes().name();
      String labels = system.topics().labels().name();
      producer.send(new ProducerRecord<>(volumes, "no-volume", junk)).get();
      producer.send(new ProducerRecord<>(labels, "no-label", junk)).get();
      system.await(system.topics().deadLetters(), read -> read.size() == 3);

      assertThat(run(system, "dead-letters", "retry", "--all").outLines()).hasSize(3);
      system.await(system.topics().deadLetters(), read -> read.size() == 6);

      assertThat(run(system, "dead-letters").outLines())
          .hasSize(3)
          .allSatisfy(line -> assertThat(line).matches(" +\\d+   2  waiting .*"));
      assertThat(audit(system, 0).path("scans").asInt()).isZero();
      try (var consumer = system.kafka().consumer(Map.of())) {
        var partitions = List.of(new TopicPartition(volumes, 0), new TopicPartition(labels, 0));
        // The failed record, the retry, and the transaction marker.
        assertThat(consumer.endOffsets(partitions).values()).containsExactly(3L, 3L);
      }
      Execution unknown = run(system, "dead-letters", "retry", "99");
      assertThat(unknown.status()).isEqualTo(1);
      assertThat(unknown.errLines()).containsExactly("retry: no dead letter has number 99");
    }
  }

  private static JsonNode audit(RunningSystem system, int status) throws Exception {
    Execution audit = run(system, "audit", "--json");
    assertThat(audit.status()).as(audit.out() + audit.err()).isEqualTo(status);
    return audit.json();
  }

  /** The command line as used in another terminal. */
  private static Execution run(RunningSystem system, String... command) {
    List<Object> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(
        List.of(
            "--bootstrap-servers",
            system.settings().get(KafkaSettings.BOOTSTRAP_SERVERS),
            "--schema-registry-url",
            system.settings().get(KafkaSettings.SCHEMA_REGISTRY_URL),
            "--set",
            "topic-prefix=" + system.settings().get(KafkaSettings.TOPIC_PREFIX)));
    return Execution.of(arguments.toArray());
  }

  /** Pushes until ingest has read of the failure and accepts the scan again. */
  private static void awaitTakenAgain(RunningSystem system, byte[] file) throws Exception {
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    while (system.post("/scans", file).statusCode() != 202) {
      assertThat(Instant.now()).isBefore(end);
    }
  }

  /** Waits until the scorer has loaded a version. */
  private static void awaitInForce(RunningSystem system, String version) throws Exception {
    Service scorer = system.services().get(0);
    Instant end = Instant.now().plus(RunningSystem.PATIENCE);
    String gauge = "version=\"" + version + "\"";
    while (!system.get(scorer, "/metrics").body().contains(gauge)) {
      assertThat(Instant.now()).as(gauge).isBefore(end);
    }
  }
}
