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

/** What is timed of the network: the same weights and volumes whichever way it is computed. */
interface NetworkWork extends AutoCloseable {
  /** Does it once; gives a number by which two ways can be compared. */
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

  /** One forward pass of so many volumes; gives the first one's probability. */
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

  /** One optimizer step on two volumes; gives the loss before it. */
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

  /** Smooth along depth, as scans are, and different from one seed to the next. */
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
