package org.pneumostream.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.service.ServiceConfig;
import org.pneumostream.service.Settings;

class TrainingRunTest {
  @TempDir Path folder;

  @Test
  void learnsToTellBrightBlocksFromNoise() {
    List<StepProgress> steps = new ArrayList<>();
    List<EpochResult> told = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(StepProgress progress) {
            steps.add(progress);
          }

          @Override
          public void epoch(EpochResult result) {
            told.add(result);
          }
        };
    long t = System.nanoTime();
    try (TrainingSet set = set(IntStream.range(0, 20).toArray())) {
      TrainingRun run = new TrainingRun(config(Map.of("train-epochs", "8")), set);
      TrainingResult result = run.run(ModelWeights.initial(1), listener, () -> false);
      result.epochs().forEach(System.out::println);
      System.out.println(
          result.counts() + " " + result.bestEpoch() + " " + (System.nanoTime() - t) / 1e9);
    }
  }

  private TrainingSet set(int... numbers) {
    TrainingSet set =
        TrainingSet.create(folder.resolve(numbers.length + "-" + numbers[0]), SyntheticScans.SHAPE);
    for (int number : numbers) {
      String scanId = SyntheticScans.scanId(number);
      set.put(scanId, scanId, SyntheticScans.finding(number), SyntheticScans.voxels(number));
    }
    return set;
  }

  private static TrainingConfig config(Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "input-shape",
                "48x48x48",
                "train-learning-rate",
                "0.001",
                "train-batch-norm-momentum",
                "0.5",
                "train-min-scans-per-class",
                "2"));
    all.putAll(settings);
    List<org.pneumostream.service.Setting<?>> known = new ArrayList<>(TrainingConfig.ALL);
    known.addAll(ServiceConfig.ALL);
    return TrainingConfig.from(Settings.of(known, all));
  }
}
