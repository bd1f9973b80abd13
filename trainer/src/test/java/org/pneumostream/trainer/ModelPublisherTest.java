package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelMetrics;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;

class ModelPublisherTest {
  private static final String MODEL = "pneumonia";
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final Gate GATE = new Gate(GateMetric.AUROC, false);

  private final InMemoryKafka kafka = new InMemoryKafka();
  private final ModelPublisher publisher =
      new ModelPublisher(
          new ModelTransactions(kafka.topics, MODEL, kafka::producer, kafka::consumer), () -> NOW);

  @Test
  void firstCandidateBecomesChampionInOneTransaction() {
    Publication publication = publish(1, 0.7, champion -> unexpected());

    assertThat(publication.contest().decision()).isEqualTo(GATE.withoutChampion());
    assertThat(publication.contest().champion()).isEmpty();
    assertThat(keys()).containsExactly("pneumonia/1", "pneumonia/champion");
    ModelVersion version = model(0);
    assertThat(version.getVersion()).isEqualTo("1");
    assertThat(version.getInputShape()).isEqualTo(new VolumeShape(48, 48, 48));
    assertThat(version.getCreatedAt()).isEqualTo(NOW);
    assertThat(version.getLineage()).isEqualTo(lineage());
    ModelWeights weights = PublishedWeights.of(version);
    assertThat(weights.tensor("dense2.weight"))
        .isEqualTo(ModelWeights.initial(1).tensor("dense2.weight"));
    assertThat(weights.metadata())
        .isEqualTo(
            Map.of(
                "architecture", ModelWeights.ARCHITECTURE,
                "input_shape", "48x48x48",
                "model_name", "pneumonia",
                "model_version", "1",
                "seed", "7"));
    assertThat(model(1))
        .isEqualTo(ModelVersion.newBuilder(version).setWeights(null).build())
        .isEqualTo(publication.version());
    assertThat(events())
        .extracting(
            ModelEvent::getType,
            ModelEvent::getVersion,
            ModelEvent::getChampion,
            ModelEvent::getReason)
        .containsExactly(
            tuple(ModelEventType.TRAINED, "1", null, "run run-1"),
            tuple(ModelEventType.PROMOTED, "1", "1", "there was no champion"));
    assertThat(events())
        .allSatisfy(event -> assertThat(event.getMetrics()).isEqualTo(metrics(0.7)));
  }

  @Test
  void candidateThatBeatsTheChampionTakesItsPlace() {
    publish(1, 0.7, champion -> unexpected());

    Publication publication = publish(2, 0.9, champion -> TestScores.assessment(0.8));

    assertThat(publication.version().getVersion()).isEqualTo("2");
    assertThat(publication.isPromoted()).isTrue();
    assertThat(publication.contest().theirs())
        .map(theirs -> theirs.validation().toRecord())
        .contains(metrics(0.8));
    assertThat(publication.contest().champion()).map(ModelVersion::getVersion).contains("1");
    assertThat(keys())
        .containsExactly("pneumonia/1", "pneumonia/champion", "pneumonia/2", "pneumonia/champion");
    ModelEvent promoted = events().get(3);
    assertThat(promoted.getType()).isEqualTo(ModelEventType.PROMOTED);
    assertThat(promoted.getChampion()).isEqualTo("2");
    assertThat(promoted.getMetrics()).isEqualTo(metrics(0.9));
    assertThat(promoted.getChampionMetrics()).isEqualTo(metrics(0.8));
  }

  @Test
  void eventTellsTheHoldoutAndHowSureTheDifferenceIs() {
    publish(1, 0.7, champion -> unexpected());
    publish(2, 0.9, champion -> TestScores.assessment(0.8));

    ModelEvent promoted = events().get(3);
    assertThat(promoted.getDifference().getValue()).isCloseTo(0.1, within(1e-6));
    assertThat(promoted.getHoldoutMetrics()).isEqualTo(metrics(0.45));
    assertThat(promoted.getChampionHoldoutMetrics()).isEqualTo(metrics(0.4));
    assertThat(model(2).getHoldoutMetrics()).isEqualTo(metrics(0.45));
  }

  @Test
  void comparesOnlyOnScansThatTheChampionCannotHaveLearnedFrom() {
    // It learned from all but the lowest half of the places.
    Lineage half =
        Lineage.newBuilder(lineage())
            .setSettings(Map.of("train-validation-fraction", "0.5", "holdout-fraction", "0.0"))
            .build();
    Assessment weak = TestScores.assessment(0.6);
    long common =
        weak.validation().examples().stream()
            .filter(e -> new Split(0.5, 0).subset(e.splitHash()) == Subset.VALIDATION)
            .count();
    publisher.publish(candidate(1, weak, half), GATE, champion -> unexpected());

    Publication publication = publish(2, 0.9, champion -> weak);

    assertThat(common).isBetween(5L, 15L);
    assertThat(publication.contest().decision().reason())
        .contains("on the same " + common + " validation scans");
    ModelEvent verdict = events().get(3);
    assertThat(verdict.getMetrics().getScans()).isEqualTo((int) common);
    assertThat(verdict.getChampionMetrics().getScans()).isEqualTo((int) common);
  }

  @Test
  void comparesOnlyOnScansThatNoParentLearnedFrom() {
    Assessment weak = TestScores.assessment(0.6);
    Split parents = new Split(0.5, 0);
    long common =
        weak.validation().examples().stream()
            .filter(e -> parents.subset(e.splitHash()) == Subset.VALIDATION)
            .count();
    publisher.publish(
        candidate(1, weak, lineage("run-1", null, parents)), GATE, champion -> unexpected());
    publisher.publish(candidate(2, weak, lineage()), GATE, champion -> weak);

    Lineage fineTuned = lineage("run-3", "1", new Split(0.99, 0));
    Publication publication =
        publisher.publish(candidate(3, weak, fineTuned), GATE, champion -> weak);

    assertThat(publication.contest().ours().validation().examples()).hasSize((int) common);
  }

  private static Lineage lineage(String runId, String parent, Split split) {
    return Lineage.newBuilder(lineage())
        .setRunId(runId)
        .setParent(parent)
        .setSettings(
            Map.of(
                "train-initial-weights", parent == null ? "scratch" : "champion",
                "train-validation-fraction", Double.toString(split.validation()),
                "holdout-fraction", Double.toString(split.holdout())))
        .build();
  }

  @Test
  void candidateThatOnlyEqualsTheChampionIsKeptAsAVersion() {
    publish(1, 0.7, champion -> unexpected());

    Publication publication = publish(2, 0.8, champion -> TestScores.assessment(0.8));

    assertThat(publication.isPromoted()).isFalse();
    assertThat(keys()).containsExactly("pneumonia/1", "pneumonia/champion", "pneumonia/2");
    ModelEvent rejected = events().get(3);
    assertThat(rejected.getType()).isEqualTo(ModelEventType.REJECTED);
    assertThat(rejected.getVersion()).isEqualTo("2");
    assertThat(rejected.getChampion()).isEqualTo("1");
    assertThat(rejected.getReason())
        .startsWith(
            "auroc 0.8000 only equals the champion's 0.8000 on the same 20 validation scans");
  }

  @Test
  void championIsScoredWithTheWeightsThatItWasPublishedWith() {
    publish(1, 0.7, champion -> unexpected());

    publish(
        2,
        0.9,
        champion -> {
          assertThat(PublishedWeights.of(champion).tensor("dense1.weight"))
              .isEqualTo(ModelWeights.initial(1).tensor("dense1.weight"));
          return TestScores.assessment(0.8);
        });
  }

  @Test
  void championThatCannotBeScoredGivesWay() {
    publish(1, 0.7, champion -> unexpected());

    Publication publication =
        publish(
            2,
            0.6,
            champion -> {
              throw new ModelException("it takes 128x128x64, the scans are 48x48x48");
            });

    assertThat(publication.isPromoted()).isTrue();
    assertThat(publication.contest().theirs()).isEmpty();
    assertThat(events().get(3).getReason())
        .isEqualTo(
            "the champion cannot be scored on these scans:"
                + " it takes 128x128x64, the scans are 48x48x48");
  }

  @Test
  void promotesAndRollsBackTwice() {
    publish(1, 0.7, champion -> unexpected());
    publish(2, 0.8, champion -> TestScores.assessment(0.7));
    publish(3, 0.7, champion -> TestScores.assessment(0.8));

    assertThat(publisher.promote("3", "a reader asked").getVersion()).isEqualTo("3");
    assertThat(publisher.rollback("it was worse").getVersion()).isEqualTo("2");
    ModelVersion champion = publisher.rollback("that too");

    assertThat(champion).isEqualTo(model(kafka.records(models()).size() - 1));
    assertThat(champion.getVersion()).isEqualTo("1");
    assertThat(champion.getWeights()).isNull();
    assertThat(champion.getSha256()).isEqualTo(model(0).getSha256());
    assertThat(events().subList(6, 9))
        .extracting(
            ModelEvent::getType,
            ModelEvent::getVersion,
            ModelEvent::getChampion,
            ModelEvent::getReason)
        .containsExactly(
            tuple(ModelEventType.PROMOTED, "3", "3", "a reader asked"),
            tuple(ModelEventType.ROLLED_BACK, "2", "2", "it was worse"),
            tuple(ModelEventType.ROLLED_BACK, "1", "1", "that too"));
    assertThatThrownBy(() -> publisher.rollback("once more"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no champion before version 1");
  }

  @Test
  void refusesToPromoteAVersionThatIsNotThere() {
    assertThatThrownBy(() -> publisher.promote("9", "why"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no version 9");
    assertThatThrownBy(() -> publisher.rollback("why"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no champion");
    assertThat(kafka.records(kafka.topics.modelEvents().name())).isEmpty();
  }

  @Test
  void refusesToPromoteWeightsThatAreNotWhatTheirHashSays() {
    publish(1, 0.7, champion -> unexpected());
    ModelVersion forged =
        ModelVersion.newBuilder(model(0)).setVersion("2").setSha256("0".repeat(64)).build();
    kafka.append(models(), 0, "pneumonia/2", kafka.topics.models().record("", forged).value());

    assertThatThrownBy(() -> publisher.promote("2", "why"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("sha256 of version 2: ");
  }

  @Test
  void notesARefusedRun() {
    publish(1, 0.7, champion -> unexpected());

    publisher.refuse("training scans: 1 normal and 0 abnormal, expected at least 5 of each");
    publisher.refuse("training scans: 1 normal and 0 abnormal, expected at least 5 of each");

    assertThat(events()).hasSize(3);
    ModelEvent refused = events().get(2);
    assertThat(refused.getType()).isEqualTo(ModelEventType.REFUSED);
    assertThat(refused.getVersion()).isNull();
    assertThat(refused.getChampion()).isEqualTo("1");
    assertThat(refused.getReason()).startsWith("training scans: 1 normal");
  }

  @Test
  void whoWasFencedDecidesAnewOnWhatTheOtherWrote() {
    AtomicInteger producers = new AtomicInteger();
    ModelPublisher slow =
        new ModelPublisher(
            new ModelTransactions(
                kafka.topics,
                MODEL,
                () -> producers.incrementAndGet() == 1 ? fencedByAnother() : kafka.producer(),
                kafka::consumer),
            () -> NOW);

    Publication publication =
        slow.publish(candidate(2, 0.9), GATE, champion -> TestScores.assessment(0.95));

    assertThat(publication.version().getVersion()).isEqualTo("2");
    assertThat(publication.isPromoted()).isFalse();
    assertThat(keys()).containsExactly("pneumonia/1", "pneumonia/champion", "pneumonia/2");
  }

  @Test
  void theSameRunIsPublishedOnce() {
    Publication first = publish(1, 0.7, champion -> unexpected());

    Publication again =
        publisher.publish(candidate(1, 0.7, "run-1"), GATE, champion -> TestScores.assessment(0.1));

    assertThat(again.version()).isEqualTo(first.version());
    assertThat(again.isPromoted()).isTrue();
    assertThat(keys()).containsExactly("pneumonia/1", "pneumonia/champion");
    assertThat(events()).hasSize(2);
  }

  @Test
  void writesNothingWhenScoringFails() {
    publish(1, 0.7, champion -> unexpected());

    assertThatThrownBy(
            () ->
                publish(
                    2,
                    0.9,
                    champion -> {
                      throw new IllegalStateException("disk is gone");
                    }))
        .hasMessage("disk is gone");

    assertThat(keys()).containsExactly("pneumonia/1", "pneumonia/champion");
    assertThat(events()).hasSize(2);
  }

  /** Another publisher gets in between this producer's start and its transaction. */
  private Producer<String, byte[]> fencedByAnother() {
    return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
      @Override
      public void beginTransaction() {
        publish(1, 0.7, champion -> unexpected());
        throw new ProducerFencedException("another took the transactional id");
      }
    };
  }

  private Publication publish(int seed, double auroc, Function<ModelVersion, Assessment> scoring) {
    return publisher.publish(candidate(seed, auroc), GATE, scoring);
  }

  private static Candidate candidate(int seed, double auroc) {
    return candidate(seed, auroc, "run-" + seed);
  }

  private static Candidate candidate(int seed, double auroc, String runId) {
    Lineage lineage = Lineage.newBuilder(lineage()).setRunId(runId).build();
    return candidate(seed, TestScores.assessment(auroc), lineage);
  }

  private static Candidate candidate(int seed, Assessment assessment, Lineage lineage) {
    ModelWeights weights =
        ModelWeights.initial(seed).withMetadata(Map.of("input_shape", "48x48x48", "seed", "7"));
    return new Candidate(
        weights, assessment, lineage, ModelEventType.TRAINED, "run " + lineage.getRunId());
  }

  private static Lineage lineage() {
    return Lineage.newBuilder()
        .setRunId("run-1")
        .setSnapshot(Map.of("0", 20L))
        .setTrainingScans(14)
        .setValidationScans(6)
        .setSeed(7)
        .setSettings(Map.of("train-epochs", "2"))
        .setCodeVersion("0")
        .build();
  }

  private static ModelMetrics metrics(double auroc) {
    return TestScores.withAuroc(auroc).metrics().toRecord();
  }

  private static Assessment unexpected() {
    throw new AssertionError("there is no champion to score");
  }

  private String models() {
    return kafka.topics.models().name();
  }

  private List<String> keys() {
    return kafka.records(models()).stream().map(record -> record.key()).toList();
  }

  private ModelVersion model(int index) {
    return kafka.topics.models().value(kafka.records(models()).get(index).value());
  }

  private List<ModelEvent> events() {
    return kafka.records(kafka.topics.modelEvents().name()).stream()
        .map(record -> kafka.topics.modelEvents().value(record.value()))
        .toList();
  }
}
