package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.models.ModelTransactions;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.VolumeShape;
import org.pneumostream.training.TestScores;

class ModelPublisherTest extends PublishedModels {
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
    ModelWeights weights = ModelWeights.published(version.getWeights(), version.getSha256());
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
    assertEvents(
        events(),
        tuple(ModelEventType.TRAINED, "1", null, "run run-1"),
        tuple(ModelEventType.PROMOTED, "1", "1", "there was no champion"));
    assertThat(events())
        .allSatisfy(event -> assertThat(event.getMetrics()).isEqualTo(metrics(0.7)));
  }

  @Test
  void aBetterCandidateBecomesChampion() {
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
  void eventContainsHoldoutAndInterval() {
    publish(1, 0.7, champion -> unexpected());
    publish(2, 0.9, champion -> TestScores.assessment(0.8));

    ModelEvent promoted = events().get(3);
    assertThat(promoted.getDifference().getValue()).isCloseTo(0.1, within(1e-6));
    assertThat(promoted.getHoldoutMetrics()).isEqualTo(metrics(0.45));
    assertThat(promoted.getChampionHoldoutMetrics()).isEqualTo(metrics(0.4));
    assertThat(model(2).getHoldoutMetrics()).isEqualTo(metrics(0.45));
  }

  @Test
  void aCandidateEqualToTheChampionIsKeptAsAVersion() {
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
  void aFencedPublisherDecidesAgainWithTheOthersChange() {
    AtomicInteger producers = new AtomicInteger();
    ModelPublisher slow =
        new ModelPublisher(
            new ModelTransactions(
                kafka.topics,
                MODEL,
                () -> producers.incrementAndGet() == 1 ? fencedByAnother() : kafka.newProducer(),
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

  /** Another publisher intervenes between this producer's start and its transaction. */
  private Producer<String, byte[]> fencedByAnother() {
    return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
      @Override
      public void beginTransaction() {
        publish(1, 0.7, champion -> unexpected());
        throw new ProducerFencedException("another took the transactional id");
      }
    };
  }
}
