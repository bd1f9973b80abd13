package org.pneumostream.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pneumostream.classifier.ComputeDevice;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.schemas.SplitKey;
import org.pneumostream.training.Checkpoint;
import org.pneumostream.training.EpochResult;
import org.pneumostream.training.LearnedSplit;
import org.pneumostream.training.Metrics;
import org.pneumostream.training.Split;

/** A run with its plan and checkpoints. */
final class SampleRun {
  static final RunPlan PLAN =
      new RunPlan(
          "run-1",
          "model pneumonia from labeled-volumes on cluster c1",
          Map.of("train-epochs", "2", "input-shape", "48x48x48"),
          "0.1.0",
          new ComputeDevice("cpu", 2),
          Map.of(0, 100L, 1, 100L),
          Map.of(0, 12L, 1, 7L),
          2,
          Map.of("shape is not 48x48x48", 3L),
          List.of(
              new LearnedSplit(SplitKey.STUDY_OR_SCAN, new Split(0.3, 0.1, 17)),
              new LearnedSplit(SplitKey.SCAN, new Split(0.2, 0.1))),
          "4");
  private static final EpochResult EPOCH =
      new EpochResult(1, 2, 0.7, 0.6, new Metrics(9, 0.5, 0.8, Double.NaN, 0.75, 0.85), 1e-4, 12.5);

  private SampleRun() {}

  /** Starts the run with a complete training set. */
  static void start(RunFolder run) {
    try {
      Files.createFile(run.trainingSet());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    run.start(PLAN);
  }

  static Checkpoint checkpoint(int epoch, int best) {
    return new Checkpoint(
        Stream.generate(() -> EPOCH).limit(epoch).toList(),
        best,
        ModelWeights.initial(best),
        LearnerState.before(ModelWeights.initial(100 + epoch)));
  }
}
