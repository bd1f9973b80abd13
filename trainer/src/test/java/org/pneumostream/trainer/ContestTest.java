package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelEvent;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.schemas.SplitRule;
import org.pneumostream.training.Assessment;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;
import org.pneumostream.training.Subset;
import org.pneumostream.training.TestScores;

/** The scans on which candidate and champion are compared. */
class ContestTest extends PublishedModels {

  @Test
  void scoresTheChampionWithItsPublishedWeights() {
    publish(1, 0.7, champion -> unexpected());

    publish(
        2,
        0.9,
        champion -> {
          assertThat(
                  ModelWeights.published(champion.getWeights(), champion.getSha256())
                      .tensor("dense1.weight"))
              .isEqualTo(ModelWeights.initial(1).tensor("dense1.weight"));
          return TestScores.assessment(0.8);
        });
  }

  @Test
  void aChampionThatCannotBeScoredLoses() {
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
  void comparesOnScansThatTheChampionDidNotLearnFrom() {
    // It learned from all but the lower half of the positions.
    Lineage half =
        Lineage.newBuilder(lineage())
            .setSplits(List.of(new SplitRule(SplitKey.STUDY_OR_SCAN, 0.5, 0.0, 0)))
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
  void comparesOnScansThatNoParentLearnedFrom() {
    Assessment weak = TestScores.assessment(0.6);
    Split parents = new Split(0.5, 0);
    long common =
        weak.validation().examples().stream()
            .filter(e -> parents.subset(e.splitHash()) == Subset.VALIDATION)
            .count();
    publisher.publish(
        candidate(1, weak, lineage("run-1", parents)), GATE, champion -> unexpected());
    Lineage ofUnknownSplit = Lineage.newBuilder(lineage()).setRunId("run-2").build();
    publisher.publish(candidate(2, weak, ofUnknownSplit), GATE, champion -> weak);
    // So that only the candidate's lineage tells what the parent learned from.
    publisher.promote("2", "test");

    Lineage fineTuned = lineage("run-3", new Split(0.99, 0), parents);
    Publication publication =
        publisher.publish(candidate(3, weak, fineTuned), GATE, champion -> weak);

    assertThat(publication.contest().ours().validation().examples()).hasSize((int) common);
  }

  @Test
  void publishesTheGatesFigures() {
    Assessment weak = TestScores.assessment(0.6);
    Split half = new Split(0.5, 0);
    publisher.publish(candidate(1, weak, lineage("run-1", half)), GATE, champion -> unexpected());

    Publication publication = publish(2, 0.9, champion -> weak);

    int seen = publication.contest().ours().validation().examples().size();
    assertThat(seen).isBetween(5, 15);
    assertThat(model(0).getMetrics().getScans()).isEqualTo(seen);
    assertThat(model(2).getMetrics()).isEqualTo(events().get(3).getMetrics());
    assertThat(events().get(2).getMetrics().getScans()).isEqualTo(seen);
  }

  private static Lineage lineage(String runId, Split... splits) {
    List<LearnedSplit> learned =
        Stream.of(splits).map(split -> new LearnedSplit(SplitKey.STUDY_OR_SCAN, split)).toList();
    return Lineage.newBuilder(lineage())
        .setRunId(runId)
        .setSplits(LearnedSplit.toLineage(learned))
        .build();
  }
}
