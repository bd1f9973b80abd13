package org.pneumostream.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
      JsonNode letter = Terminal.run(system, "dead-letters", "list", "--json").json();
      assertThat(letter.path("number").asLong()).isZero();
      assertThat(letter.path("attempts").asInt()).isEqualTo(1);
      assertThat(letter.path("state").asText()).isEqualTo("waiting");
      assertThat(letter.path("key").asText()).isEqualTo(id);
      assertThat(letter.path("stage").asText()).isEqualTo("preprocess-stream");
      assertThat(letter.path("content").asInt()).isGreaterThan(SmallPhantom.file(1).length);
      assertThat(Terminal.audit(system, 0).path("deadLettered").asInt()).isEqualTo(1);

      assertThat(Terminal.run(system, "dead-letters", "retry", "0").out())
          .isEqualTo(
              "dead letter 0: back on %s, partition 0, offset 1%n"
                  .formatted(system.topics().scans().name()));
      system.await(system.topics().deadLetters(), read -> read.size() == 2);
      letter = Terminal.run(system, "dead-letters", "list", "--json").json();
      assertThat(letter.path("number").asLong()).isZero();
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      assertThat(letter.path("state").asText()).isEqualTo("waiting");
      assertThat(Terminal.run(system, "dead-letters", "show", "0").outLines())
          .contains("number     0", "error      InvalidDataException");
      // A reader disagrees with the pushed finding.
      system.label(id, "abnormal");
      system.await(system.topics().labels(), read -> read.size() == 2);
    }
    try (RunningSystem system = system(test, Map.of("partitions", "1"))) {
      assertThat(Terminal.run(system, "dead-letters", "retry", "--all", "--stage", "scorer").out())
          .isEmpty();
      assertThat(Terminal.run(system, "dead-letters", "retry", "--all").outLines()).hasSize(1);
      // Nobody has read it yet, so a second copy would be a duplicate.
      assertThat(Terminal.run(system, "dead-letters", "retry", "--all").out()).isEmpty();
      assertThat(Terminal.run(system, "dead-letters", "retry", "0").errLines())
          .containsExactly("retry: dead letter 0: a later record of its key is in flight");
      assertThat(Terminal.audit(system, 1).path("missing"))
          .extracting(JsonNode::asText)
          .containsExactly(id);
      system.start();
      system.await(system.topics().predictions(), read -> read.size() == 1);
      List<Read<LabeledVolume>> training =
          system.await(system.topics().labeledVolumes(), read -> !read.isEmpty());

      assertThat(training)
          .extracting(read -> read.value().getLabel().getFinding())
          .containsExactly(Finding.ABNORMAL);
      assertThat(Terminal.run(system, "dead-letters").out()).isEmpty();
      JsonNode letter = Terminal.run(system, "dead-letters", "list", "--settled", "--json").json();
      assertThat(letter.path("state").asText()).isEqualTo("settled");
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      JsonNode audit = Terminal.audit(system, 0);
      assertThat(audit.path("predicted").asInt()).isEqualTo(1);
      assertThat(audit.path("deadLettersSettled").asInt()).isEqualTo(1);
      Execution again = Terminal.run(system, "dead-letters", "retry", "0");
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
      assertThat(Terminal.audit(system, 1).path("missing"))
          .extracting(JsonNode::asText)
          .containsExactly(id);
      assertThat(Terminal.run(system, "audit").outLines())
          .containsExactly(
              "1 scans: 0 predicted, 0 with a waiting dead letter, 0 erased, 1 missing;"
                  + " 0 predicted twice by one model",
              "dead letters: 0 waiting, 0 underway, 0 settled",
              "missing  " + id);

      UntrainedModel.publish(
          system.models(), InputShape.SMALL, 1, Map.of(ModelMetadata.ORIENTATION, "as-stored"));
      system.await(system.topics().deadLetters(), read -> read.size() == 1);
      assertThat(Terminal.run(system, "dead-letters").outLines())
          .singleElement()
          .asString()
          .startsWith("   0   1  waiting ")
          .endsWith("orientation: canonical, expected as-stored as the model");
      assertThat(Terminal.audit(system, 0).path("deadLettered").asInt()).isEqualTo(1);
      Terminal.run(system, "dead-letters", "retry", "0");
      system.await(system.topics().deadLetters(), read -> read.size() == 2);

      String next = system.publishModel(2).getVersion();
      system.models().promote(next, "test");
      Terminal.awaitInForce(system, next);
      assertThat(Terminal.run(system, "dead-letters", "retry", "--all").status()).isZero();
      system.await(system.topics().predictions(), read -> read.size() == 1);
      JsonNode letter = Terminal.run(system, "dead-letters", "list", "--settled", "--json").json();
      assertThat(letter.path("state").asText()).isEqualTo("settled");
      assertThat(letter.path("attempts").asInt()).isEqualTo(2);
      assertThat(Terminal.audit(system, 0).path("predicted").asInt()).isEqualTo(1);
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

      JsonNode audit = Terminal.audit(system, 1);
      assertThat(audit.path("predicted").asInt()).isEqualTo(1);
      assertThat(audit.path("predictedTwice").toString())
          .isEqualTo("[{\"scanId\":\"%s\",\"model\":\"pneumonia 1\"}]".formatted(id));
      assertThat(Terminal.run(system, "audit").outLines())
          .endsWith("twice    " + id + "  model pneumonia 1");

      String data = directory().resolve("erasing").toString();
      assertThat(Terminal.run(system, "erase", id, "--data-dir", data).status()).isZero();
      audit = Terminal.audit(system, 0);
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

      assertThat(Terminal.run(system, "dead-letters", "retry", "--all").outLines()).hasSize(3);
      system.await(system.topics().deadLetters(), read -> read.size() == 6);

      assertThat(Terminal.run(system, "dead-letters").outLines())
          .hasSize(3)
          .allSatisfy(line -> assertThat(line).matches(" +\\d+   2  waiting .*"));
      assertThat(Terminal.audit(system, 0).path("scans").asInt()).isZero();
      try (var consumer = system.kafka().consumer(Map.of())) {
        var partitions = List.of(new TopicPartition(volumes, 0), new TopicPartition(labels, 0));
        // The failed record, the retry, and the transaction marker.
        assertThat(consumer.endOffsets(partitions).values()).containsExactly(3L, 3L);
      }
      Execution unknown = Terminal.run(system, "dead-letters", "retry", "99");
      assertThat(unknown.status()).isEqualTo(1);
      assertThat(unknown.errLines()).containsExactly("retry: no dead letter has number 99");
    }
  }
}
