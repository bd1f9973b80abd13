package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.ModelEventType;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.support.OverflowingWeights;
import org.pneumostream.training.TestScores;
import org.pneumostream.volume.InputShape;

/** Champions chosen by people, and refused runs. */
class ModelControlTest extends PublishedModels {

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
    assertEvents(
        events().subList(6, 9),
        tuple(ModelEventType.PROMOTED, "3", "3", "a reader asked"),
        tuple(ModelEventType.ROLLED_BACK, "2", "2", "it was worse"),
        tuple(ModelEventType.ROLLED_BACK, "1", "1", "that too"));
    assertThatThrownBy(() -> publisher.rollback("once more"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no champion before version 1");
  }

  @Test
  void refusesToPromoteAnUnknownVersion() {
    assertThatThrownBy(() -> publisher.promote("9", "why"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no version 9");
    assertThatThrownBy(() -> publisher.rollback("why"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("model pneumonia has no champion");
    assertThat(kafka.records(kafka.topics.modelEvents().name())).isEmpty();
  }

  @Test
  void refusesToPromoteWeightsWithAnotherHash() {
    publish(1, 0.7, champion -> unexpected());
    ModelVersion forged =
        ModelVersion.newBuilder(model(0)).setVersion("2").setSha256("0".repeat(64)).build();
    kafka.append(models(), 0, "pneumonia/2", kafka.topics.models().record("", forged).value());

    assertThatThrownBy(() -> publisher.promote("2", "why"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("sha256: '");
  }

  @Test
  void refusesPromotionAndRollbackToWeightsThatOverflow() {
    publish(1, 0.7, champion -> unexpected());
    ModelVersion overflowing =
        new Candidate(
                OverflowingWeights.of(InputShape.SMALL),
                TestScores.assessment(0.5),
                lineage(),
                ModelEventType.IMPORTED,
                "a test")
            .toRecord(MODEL, "2", TestScores.assessment(0.5), NOW);
    kafka.append(models(), 0, "pneumonia/2", kafka.topics.models().record("", overflowing).value());
    final int events = events().size();

    assertThatThrownBy(() -> publisher.promote("2", "why"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("version 2: the network's output must be finite but is ");
    assertThat(events()).hasSize(events);

    publish(3, 0.9, champion -> TestScores.assessment(0.7));
    ModelEvent wrong =
        ModelEvent.newBuilder(events().get(1)).setVersion("2").setChampion("2").build();
    kafka.append(
        kafka.topics.modelEvents().name(),
        0,
        MODEL,
        kafka.topics.modelEvents().record("", wrong).value());
    publisher.promote("3", "a reader asked");
    assertThatThrownBy(() -> publisher.rollback("it was worse"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("version 2: the network's output must be finite but is ");
  }

  @Test
  void recordsARefusedRun() {
    publish(1, 0.7, champion -> unexpected());

    RunPlan run = TestPlan.with(Map.of(0, 3L), Map.of(1, 4L));
    publisher.refuse(run, "1 normal and 0 abnormal, expected at least 5 of each");
    publisher.refuse(run, "1 normal and 0 abnormal, expected at least 5 of each");

    assertThat(events()).hasSize(3);
    ModelEvent refused = events().get(2);
    assertThat(refused.getType()).isEqualTo(ModelEventType.REFUSED);
    assertThat(refused.getVersion()).isNull();
    assertThat(refused.getChampion()).isEqualTo("1");
    assertThat(refused.getReason()).startsWith("run run-7: 1 normal");
    assertThat(refused.getSnapshot()).isEqualTo(Map.of("0", 3L));
    assertThat(refused.getLabels()).isEqualTo(Map.of("1", 4L));
  }
}
