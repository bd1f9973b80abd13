package org.pneumostream.training;

import java.util.List;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelWeights;

/**
 * How far a training run has come: all that it needs to go on as if it had never stopped.
 *
 * @param epochs every epoch so far, in order
 * @param bestEpoch the one with the lowest validation loss, from 1; 0 before there is one
 * @param best weights of that epoch
 * @param learner after the last epoch
 */
public record Checkpoint(
    List<EpochResult> epochs, int bestEpoch, ModelWeights best, LearnerState learner) {
  public Checkpoint {
    epochs = List.copyOf(epochs);
  }

  /** Before the first epoch. */
  public static Checkpoint before(ModelWeights initial) {
    return new Checkpoint(List.of(), 0, initial, LearnerState.before(initial));
  }

  /** Validation loss of the best epoch. */
  double bestLoss() {
    return bestEpoch == 0
        ? Double.POSITIVE_INFINITY
        : epochs.get(bestEpoch - 1).validation().loss();
  }
}
