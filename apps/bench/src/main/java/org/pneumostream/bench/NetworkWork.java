package org.pneumostream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.pneumostream.classifier.Execution;
import org.pneumostream.classifier.Learner;
import org.pneumostream.classifier.LearnerSettings;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelWeights;
import org.pneumostream.classifier.Network;
import org.pneumostream.volume.FixedPoint;
import org.pneumostream.volume.InputShape;

/** Timed work of the network: the same weights and volumes for every execution. */
interface NetworkWork extends AutoCloseable {
  /** Does it once and returns a number for comparing executions. */
  double run();

  @Override
  void close();

  /** {@code score}: one volume; {@code train}: one step. */
  static NetworkWork of(String work, InputShape shape, Execution execution) {
    return switch (work) {
      case "score" -> scoring(shape, execution, 1);
      case "train" -> training(shape, execution);
      default ->
          throw new IllegalArgumentException("work: '" + work + "', expected score or train");
    };
  }

  /** One forward pass of a batch; returns the first volume's probability. */
  static NetworkWork scoring(InputShape shape, Execution execution, int batch) {
    Network network = Network.load(ModelWeights.initial(1), shape, execution);
    List<short[]> volumes = new ArrayList<>();
    for (int n = 0; n < batch; n++) {
      volumes.add(volume(shape, n));
    }
    return new NetworkWork() {
      @Override
      public double run() {
        return network.probabilities(volumes)[0];
      }

      @Override
      public void close() {
        network.close();
      }
    };
  }

  /** One optimizer step on two volumes; returns the loss before it. */
  static NetworkWork training(InputShape shape, Execution execution) {
    Learner learner =
        Learner.resume(
            LearnerState.before(ModelWeights.initial(1)),
            shape,
            LearnerSettings.reference(1),
            execution);
    List<float[]> volumes =
        List.of(FixedPoint.toFloats(volume(shape, 0)), FixedPoint.toFloats(volume(shape, 1)));
    boolean[] abnormal = {true, false};
    return new NetworkWork() {
      @Override
      public double run() {
        return learner.step(volumes, abnormal).loss();
      }

      @Override
      public void close() {
        learner.close();
      }
    };
  }

  /** Voxels that are smooth along depth, as in scans, and depend on the seed. */
  static short[] volume(InputShape shape, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    short[] voxels = new short[shape.voxels()];
    int value = 0;
    for (int i = 0; i < voxels.length; i++) {
      value = i % shape.depth() == 0 ? random.nextInt(65536) : value + random.nextInt(-800, 801);
      voxels[i] = (short) Math.max(0, Math.min(65535, value));
    }
    return voxels;
  }
}
