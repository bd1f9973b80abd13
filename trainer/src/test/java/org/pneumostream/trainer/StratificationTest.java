package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pneumostream.models.ModelCatalogue;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.training.Example;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Split;
import org.pneumostream.training.Stratification;
import org.pneumostream.training.Subset;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TestScores;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingCounts.Count;

class StratificationTest extends PublishedModels {
  private static final Split DEFAULT = new Split(0.3, 0.1);

  /** With eight labels per class, 17 % of the splits by hash alone lack a class for validation. */
  @Test
  void eightLabelsPerClassSufficeToValidateAndToTrain() {
    int lackingByHashAlone = 0;
    for (int sample = 0; sample < 200; sample++) {
      List<Example> examples = examples("sample " + sample, 8, 8);

      Split split = Stratification.of(examples, DEFAULT);

      TrainingCounts counts = TrainingCounts.of(examples, split);
      assertThat(counts.training()).isEqualTo(new Count(5, 5));
      assertThat(counts.validation()).isEqualTo(new Count(2, 2));
      assertThat(counts.holdout()).isEqualTo(new Count(1, 1));
      Count byHash = TrainingCounts.of(examples, DEFAULT).validation();
      lackingByHashAlone += byHash.normal() == 0 || byHash.abnormal() == 0 ? 1 : 0;
    }
    assertThat(lackingByHashAlone).isBetween(15, 60);
  }

  @Test
  void fractionsAreMetInEachClassAsInTheReference() {
    List<Example> examples = examples("mosmed", 100, 100);
    Split reference = new Split(0.3, 0);

    Split split = Stratification.of(examples, reference);

    assertThat(TrainingCounts.of(examples, split))
        .isEqualTo(new TrainingCounts(new Count(70, 70), new Count(30, 30), new Count(0, 0)));
  }

  @Test
  void groupsOfBothClassesStayWhole() {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long patient = Split.hash("patient " + i / 3);
      Finding finding = i % 4 == 0 ? Finding.ABNORMAL : Finding.NORMAL;
      examples.add(new Example(SyntheticScans.scanId(i), patient, finding));
    }

    Split split = Stratification.of(examples, DEFAULT);

    Map<Long, Subset> sides = new TreeMap<>();
    for (Example example : examples) {
      Subset side = split.subset(example.splitHash());
      assertThat(sides.getOrDefault(example.splitHash(), side)).isEqualTo(side);
      sides.put(example.splitHash(), side);
    }
    assertThat(split.validation()).isEqualTo(0.3);
    assertThat(TrainingCounts.of(examples, split).validation().abnormal()).isBetween(4, 5);
  }

  @Test
  void keepsTheSplitOfTheOldestVersionTrainedHere() {
    publish(lineage("import-1", null));
    assertThat(recorded()).isEmpty();
    publish(lineage("import-2", null, new Split(0.2, 0.1, 9)));
    assertThat(recorded()).contains(new Split(0.2, 0.1, 9));
    publish(lineage("run-3", "by hash", new Split(0.3, 0.1, 3), new Split(0.3, 0.1, 4)));
    publish(lineage("run-4", "by hash", new Split(0.3, 0.1, 5)));
    assertThat(recorded()).contains(new Split(0.3, 0.1, 3));
  }

  private Optional<Split> recorded() {
    try (ModelCatalogue catalogue =
        new ModelCatalogue(kafka.topics.models(), MODEL, kafka.consumer()).refresh()) {
      return Stratification.recorded(catalogue);
    }
  }

  private void publish(Lineage lineage) {
    publisher.publish(
        candidate(1, TestScores.assessment(0.7), lineage),
        GATE,
        champion -> TestScores.assessment(0.5));
  }

  /**
   * @param split of a run trained here; null for an import
   */
  private static Lineage lineage(String runId, String split, Split... splits) {
    List<LearnedSplit> learned =
        Stream.of(splits).map(of -> new LearnedSplit(SplitKey.STUDY_OR_SCAN, of)).toList();
    return Lineage.newBuilder(lineage())
        .setRunId(runId)
        .setSplit(split)
        .setSplits(LearnedSplit.toLineage(learned))
        .build();
  }

  private static List<Example> examples(String name, int normal, int abnormal) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < normal + abnormal; i++) {
      String key = name + " scan " + i;
      examples.add(
          new Example(key, Split.hash(key), i < normal ? Finding.NORMAL : Finding.ABNORMAL));
    }
    return examples;
  }
}
