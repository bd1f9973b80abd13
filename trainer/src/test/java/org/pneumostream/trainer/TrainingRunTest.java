package org.pneumostream.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.runtime.ModelSettings;
import org.pneumostream.schemas.Finding;
import org.pneumostream.settings.Setting;
import org.pneumostream.settings.Settings;
import org.pneumostream.training.Checkpoint;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.Evaluation;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.Split;
import org.pneumostream.training.StepProgress;
import org.pneumostream.training.Subset;
import org.pneumostream.training.SyntheticScans;
import org.pneumostream.training.TrainingConfig;
import org.pneumostream.training.TrainingCounts;
import org.pneumostream.training.TrainingListener;
import org.pneumostream.training.TrainingRefusedException;
import org.pneumostream.training.TrainingResult;
import org.pneumostream.training.TrainingRun;
import org.pneumostream.training.TrainingSet;

class TrainingRunTest {
  private static final List<Setting<?>> KNOWN =
      Stream.concat(TrainingConfig.ALL.stream(), ModelSettings.ALL.stream()).toList();
  private static final Split SPLIT = new Split(0.3, 0.1);

  @TempDir Path folder;

  @Test
  void learnsToDetectBrightBlocks() {
    Recorder recorder = new Recorder();
    TrainingConfig config = config(Map.of("train-epochs", "3", "train-dropout", "0"));
    try (TrainingSet set = set("set", scans(8, 4))) {
      TrainingResult result =
          new TrainingRun(config, set).run(ModelWeights.initial(1), recorder, () -> false);

      assertThat(recorder.counts)
          .containsExactly(new TrainingCounts(count(4), count(2), count(0)))
          .containsExactly(result.counts());
      assertThat(recorder.epochs).isEqualTo(result.epochs()).hasSize(3);
      assertThat(recorder.steps)
          .extracting(step -> step.epoch() + ": " + step.step() + "/" + step.steps())
          .containsExactly(
              "1: 1/4", "1: 2/4", "1: 3/4", "1: 4/4", "2: 1/4", "2: 2/4", "2: 3/4", "2: 4/4",
              "3: 1/4", "3: 2/4", "3: 3/4", "3: 4/4");
      EpochResult best = result.epochs().get(result.bestEpoch() - 1);
      assertThat(result.epochs())
          .allSatisfy(
              epoch ->
                  assertThat(epoch.validation().loss())
                      .isGreaterThanOrEqualTo(best.validation().loss()));
      assertThat(best.validation().loss()).isLessThan(0.3);
      assertThat(best.validation().accuracy()).isEqualTo(1);
      // The weights are those of the best epoch, and a Network scores as the Learner did.
      Metrics scored =
          new Evaluation(config, set, () -> false).of(result.weights()).validation().metrics();
      assertThat(scored.loss()).isCloseTo(best.validation().loss(), within(1e-4));
      assertThat(scored.auroc()).isEqualTo(1);
    }
  }

  @Test
  void sameScansAndSeedGiveTheSameWeightsInAnyOrder() {
    TrainingConfig config = config(Map.of("train-epochs", "2"));
    List<Integer> scans = scans(4, 2);
    List<Integer> reversed = new ArrayList<>(scans);
    Collections.reverse(reversed);
    try (TrainingSet one = set("one", scans);
        TrainingSet other = set("other", reversed)) {
      Recorder first = new Recorder();
      Recorder second = new Recorder();

      String hash = hash(config, one, first);

      assertThat(hash(config, other, second)).isEqualTo(hash);
      assertThat(second.steps).isEqualTo(first.steps);
      TrainingConfig otherSeed = config(Map.of("train-epochs", "1", "train-seed", "2"));
      Recorder third = new Recorder();
      hash(otherSeed, one, third);
      assertThat(third.steps.get(0)).isNotEqualTo(first.steps.get(0));
    }
  }

  /** A crash ends the run between two epochs or within one. */
  @Test
  void anInterruptedRunGivesTheSameWeights() throws IOException {
    TrainingConfig config = config(Map.of("train-epochs", "2"));
    try (TrainingSet set = set("set", scans(4, 2))) {
      Recorder whole = new Recorder();
      String hash = hash(config, set, whole);
      for (int steps : List.of(1, 3)) {
        String runId = "cut-after-" + steps;
        Recorder recorder = new Recorder();
        try (RunFolder run = new RunFolders(folder).create(runId)) {
          Files.createFile(run.trainingSet());
          run.start(plan(runId));
          assertThatThrownBy(
                  () -> resume(config, set, run, recorder, () -> recorder.steps.size() == steps))
              .isInstanceOf(CancellationException.class);
        }

        Recorder rest = new Recorder();
        try (RunFolder run = new RunFolders(folder).unfinished(plan(runId)::equals).orElseThrow()) {
          assertThat(resume(config, set, run, rest, () -> false).weights().hash()).isEqualTo(hash);
          run.delete();
        }
        assertThat(rest.resumed).hasSize((steps - 1) / 2);
        assertThat(Stream.concat(rest.resumed.stream(), rest.epochs.stream()))
            .extracting(EpochResult::validation)
            .isEqualTo(whole.epochs.stream().map(EpochResult::validation).toList());
      }
    }
  }

  private static TrainingResult resume(
      TrainingConfig config,
      TrainingSet set,
      RunFolder run,
      TrainingListener listener,
      BooleanSupplier stop) {
    Checkpoint start =
        run.latest().orElseGet(() -> Checkpoint.before(ModelWeights.initial(config.seed())));
    return new TrainingRun(config, set).run(start, run, listener, stop);
  }

  private static RunPlan plan(String runId) {
    return new RunPlan(
        runId,
        "test",
        Map.of(),
        "0",
        ComputeDevice.current(),
        Map.of(),
        Map.of(),
        0,
        Map.of(),
        List.of(),
        null);
  }

  @Test
  void aRemainingScanFormsABatch() {
    Recorder recorder = new Recorder();
    try (TrainingSet set = set("set", scans(5, 2))) {
      new TrainingRun(config(Map.of("train-epochs", "1")), set)
          .run(ModelWeights.initial(1), recorder, () -> false);
    }

    assertThat(recorder.steps).extracting(StepProgress::steps).containsExactly(3, 3, 3);
  }

  @Test
  void stopsBetweenTwoSteps() {
    Recorder recorder = new Recorder();
    try (TrainingSet set = set("set", scans(6, 2))) {
      TrainingRun run = new TrainingRun(config(Map.of()), set);

      assertThatThrownBy(
              () -> run.run(ModelWeights.initial(1), recorder, () -> !recorder.steps.isEmpty()))
          .isInstanceOf(CancellationException.class);
    }

    assertThat(recorder.steps).hasSize(1);
    assertThat(recorder.epochs).isEmpty();
  }

  @Test
  void refusesASetWithTooFewScansOfAClass() {
    try (TrainingSet set = set("set", scans(3, 2))) {
      assertThatThrownBy(() -> new TrainingRun(config(Map.of()), set))
          .isInstanceOf(TrainingRefusedException.class)
          .hasMessage(
              "training scans: 2 normal and 1 abnormal, expected at least 2 of each:"
                  + " 1 abnormal missing");
    }
  }

  @Test
  void refusesASetWithoutValidationScans() {
    try (TrainingSet set = set("set", scans(4, 0))) {
      assertThatThrownBy(() -> new TrainingRun(config(Map.of()), set))
          .isInstanceOf(TrainingRefusedException.class)
          .hasMessage(
              "validation scans: 0 normal and 0 abnormal, expected at least 1 of each:"
                  + " 1 normal and 1 abnormal missing");
    }
  }

  private static TrainingCounts.Count count(int ofEachClass) {
    return new TrainingCounts.Count(ofEachClass, ofEachClass);
  }

  private static String hash(TrainingConfig config, TrainingSet set, Recorder recorder) {
    return new TrainingRun(config, set)
        .run(ModelWeights.initial(config.seed()), recorder, () -> false)
        .weights()
        .hash();
  }

  /** Numbers of the first scans on either side of the split, alternating between classes. */
  private static List<Integer> scans(int training, int validation) {
    List<Integer> numbers = new ArrayList<>();
    take(training, Subset.TRAINING, numbers);
    take(validation, Subset.VALIDATION, numbers);
    return numbers;
  }

  private static void take(int count, Subset subset, List<Integer> numbers) {
    Finding next = Finding.NORMAL;
    for (int number = 0, taken = 0; taken < count; number++) {
      if (SPLIT.subset(Split.hash(SyntheticScans.scanId(number))) == subset
          && SyntheticScans.finding(number) == next) {
        numbers.add(number);
        taken++;
        next = next == Finding.NORMAL ? Finding.ABNORMAL : Finding.NORMAL;
      }
    }
  }

  private TrainingSet set(String name, List<Integer> numbers) {
    TrainingSet set = TrainingSet.create(folder.resolve(name), SyntheticScans.SHAPE);
    for (int number : numbers) {
      String scanId = SyntheticScans.scanId(number);
      set.put(scanId, scanId, SyntheticScans.finding(number), SyntheticScans.voxels(number));
    }
    return set;
  }

  /** Few scans need a higher learning rate and a lower momentum than the reference's. */
  private static TrainingConfig config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("input-shape", SyntheticScans.SHAPE.toString());
    all.put("train-learning-rate", "0.001");
    all.put("train-batch-norm-momentum", "0.5");
    all.put("train-min-scans-per-class", "2");
    return TrainingConfig.from(Settings.of(KNOWN, all));
  }

  private static final class Recorder implements TrainingListener {
    final List<TrainingCounts> counts = new ArrayList<>();
    final List<StepProgress> steps = new ArrayList<>();
    final List<EpochResult> resumed = new ArrayList<>();
    final List<EpochResult> epochs = new ArrayList<>();

    @Override
    public void started(TrainingCounts started) {
      counts.add(started);
    }

    @Override
    public void resumed(List<EpochResult> done) {
      resumed.addAll(done);
    }

    @Override
    public void step(StepProgress progress) {
      steps.add(progress);
    }

    @Override
    public void epoch(EpochResult result) {
      epochs.add(result);
    }
  }
}
