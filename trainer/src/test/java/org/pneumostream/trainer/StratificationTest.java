package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pneumostream.schemas.Finding;
import org.pneumostream.schemas.Lineage;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.service.ModelCatalogue;
import org.pneumostream.trainer.TrainingCounts.Count;

class StratificationTest extends PublishedModels {
  private static final Split DEFAULT = new Split(0.3, 0.1);

  /** At eight labels a class, 17 % of the default splits by hash alone lack a class to validate. */
  @Test
  void eightLabelsOfEachClassAlwaysGiveBothClassesToValidateAndFiveToTrain() {
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
  void theSplitOfTheOldestVersionIsKept() {
    publisher.publish(candidate("run-1"), GATE, champion -> unexpected());
    publisher.publish(
        candidate("run-2", new Split(0.2, 0.1, 3)), GATE, champion -> TestScores.assessment(0.5));
    publisher.publish(
        candidate("run-3", new Split(0.2, 0.1, 5)), GATE, champion -> TestScores.assessment(0.5));

    try (var catalogue =
        new ModelCatalogue(kafka.topics.models(), MODEL, kafka.consumer()).refresh()) {
      assertThat(Stratification.recorded(catalogue)).contains(new Split(0.2, 0.1, 3));
    }
  }

  private static Candidate candidate(String runId, Split... splits) {
    List<LearnedSplit> learned = new ArrayList<>();
    for (Split split : splits) {
      learned.add(new LearnedSplit(SplitKey.STUDY_OR_SCAN, split));
    }
    Lineage lineage =
        Lineage.newBuilder(lineage())
            .setRunId(runId)
            .setSplits(LearnedSplit.toLineage(learned))
            .build();
    return candidate(1, TestScores.assessment(0.7), lineage);
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
