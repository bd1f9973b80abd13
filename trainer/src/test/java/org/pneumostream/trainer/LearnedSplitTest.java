package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pneumostream.classifier.ModelException;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.ModelVersion;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.training.Example;
import org.pneumostream.training.Group;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;
import org.pneumostream.training.Subset;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TestScores;

class LearnedSplitTest extends PublishedModels {
  private static final Split HALF = new Split(0.5, 0);

  @Test
  void anExportedAndReimportedVersionKeepsItsSplits() {
    List<LearnedSplit> splits =
        LearnedSplit.startingFrom(
            new LearnedSplit(SplitKey.STUDY_OR_SCAN, new Split(0.3, 0.1, 17)),
            List.of(
                new LearnedSplit(SplitKey.STUDY_OR_SCAN, new Split(0.2, 0.1, 17)),
                new LearnedSplit(SplitKey.SCAN, HALF)));
    Lineage trained =
        Lineage.newBuilder(lineage()).setSplits(LearnedSplit.toLineage(splits)).build();
    Candidate candidate = candidate(1, TestScores.assessment(0.7), trained);
    publisher.publish(
        new Candidate(
            LearnedSplit.note(splits, candidate.weights()),
            candidate.assessment(),
            trained,
            candidate.event(),
            "a run"),
        GATE,
        champion -> unexpected());
    ModelVersion published = model(0);

    ModelWeights exported = ModelWeights.published(published.getWeights(), published.getSha256());
    Lineage imported =
        ModelImport.lineage("import-1", exported, Map.of(), TestScores.assessment(0.7));

    assertThat(imported.getSplits()).isEqualTo(trained.getSplits()).hasSize(3);
    assertThat(LearnedSplit.of(imported)).isEqualTo(splits);
    int seen = published.getMetrics().getScans();
    assertThat(imported.getValidationScans()).isEqualTo(seen).isBetween(1, 12);
  }

  @Test
  void aScanIsNewOnlyIfItsWholeGroupIsNew() {
    long validates = hashOn(HALF, Subset.VALIDATION);
    long trains = hashOn(HALF, Subset.TRAINING);
    LearnedSplit byStudy = new LearnedSplit(SplitKey.STUDY_OR_SCAN, HALF);
    LearnedSplit byScan = new LearnedSplit(SplitKey.SCAN, HALF);

    Example alone = example(validates, new Group(Set.of(validates), Set.of(trains)));
    Example twin = example(validates, new Group(Set.of(validates, trains), Set.of(validates)));

    assertThat(byStudy.isNew(alone)).isTrue();
    assertThat(byScan.isNew(alone)).isFalse();
    assertThat(byStudy.isNew(twin)).isFalse();
    assertThat(byScan.isNew(twin)).isTrue();
    assertThat(new LearnedSplit(SplitKey.UNKNOWN, HALF).isNew(alone)).isFalse();
    assertThat(LearnedSplit.newToAll(List.of(byStudy, byScan)).test(alone)).isFalse();
    assertThat(LearnedSplit.newToAll(List.of()).test(twin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "by study",
        "{}",
        "[{}]",
        "[{\"by\":\"SCAN\",\"split\":{\"validation\":2,\"holdout\":0,\"draw\":1}}]",
        "[{\"by\":\"EYE\",\"split\":{\"validation\":0.3,\"holdout\":0,\"draw\":1}}]",
        "[null]",
      })
  void refusesMalformedSplits(String text) {
    ModelWeights weights = ModelWeights.initial(1).withMetadata(Map.of("training_splits", text));

    assertThatThrownBy(() -> LearnedSplit.of(weights))
        .isInstanceOf(ModelException.class)
        .hasMessage("metadata training_splits: '" + text + "', expected a JSON array of splits");
  }

  private static Example example(long splitHash, Group group) {
    return new Example(SyntheticScans.scanId(1), splitHash, Finding.NORMAL, group);
  }

  private static long hashOn(Split split, Subset subset) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToLong(i -> Split.hash("key " + i))
        .filter(hash -> split.subset(hash) == subset)
        .findFirst()
        .orElseThrow();
  }
}
