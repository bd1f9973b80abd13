package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.groups.Tuple;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelTransactions;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.support.InMemoryKafka;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.Gate;
import org.pneumostream.training.GateMetric;
import org.pneumostream.training.TestLineage;
import org.pneumostream.training.TestScores;

/** A model in memory, its publisher, and the topics' content. */
abstract class PublishedModels {
  static final String MODEL = "pneumonia";
  static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  static final Gate GATE = new Gate(GateMetric.AUROC, false);

  final InMemoryKafka kafka = new InMemoryKafka();
  final ModelPublisher publisher =
      new ModelPublisher(
          new ModelTransactions(kafka.topics, MODEL, kafka::newProducer, kafka::consumer),
          () -> NOW);

  Publication publish(int seed, double auroc, Function<ModelVersion, Assessment> scoring) {
    return publisher.publish(candidate(seed, auroc), GATE, scoring);
  }

  static Candidate candidate(int seed, double auroc) {
    return candidate(seed, auroc, "run-" + seed);
  }

  static Candidate candidate(int seed, double auroc, String runId) {
    Lineage lineage = Lineage.newBuilder(lineage()).setRunId(runId).build();
    return candidate(seed, TestScores.assessment(auroc), lineage);
  }

  static Candidate candidate(int seed, Assessment assessment, Lineage lineage) {
    ModelWeights weights =
        ModelWeights.initial(seed).withMetadata(Map.of("input_shape", "48x48x48", "seed", "7"));
    return new Candidate(
        weights, assessment, lineage, ModelEventType.TRAINED, "run " + lineage.getRunId());
  }

  static Lineage lineage() {
    return TestLineage.of(Map.of("train-epochs", "2"));
  }

  static ModelMetrics metrics(double auroc) {
    return TestScores.withAuroc(auroc).metrics().toRecord();
  }

  static Assessment unexpected() {
    throw new AssertionError("there is no champion to score");
  }

  String models() {
    return kafka.topics.models().name();
  }

  List<String> keys() {
    return kafka.records(models()).stream().map(record -> record.key()).toList();
  }

  ModelVersion model(int index) {
    return kafka.topics.models().value(kafka.records(models()).get(index).value());
  }

  /** Asserts type, version, champion and reason of each event. */
  static void assertEvents(List<ModelEvent> events, Tuple... expected) {
    assertThat(events)
        .extracting(
            ModelEvent::getType,
            ModelEvent::getVersion,
            ModelEvent::getChampion,
            ModelEvent::getReason)
        .containsExactly(expected);
  }

  List<ModelEvent> events() {
    return kafka.records(kafka.topics.modelEvents().name()).stream()
        .map(record -> kafka.topics.modelEvents().value(record.value()))
        .toList();
  }
}
