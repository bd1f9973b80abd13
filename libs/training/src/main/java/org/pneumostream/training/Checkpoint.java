package org.pneumostream.training;

import java.util.List;
import org.pneumostream.classifier.LearnerState;
import org.pneumostream.classifier.ModelWeights;

/**
 * The state of a training run from which it continues as if never interrupted.
 *
 * @param epochs every epoch so far, in order
 * @param bestEpoch the epoch with the lowest validation loss, from 1; 0 before the first
 * @param best weights of that epoch
 * @param learner state after the last epoch
 */
public record Checkpoint(
    List<EpochResult> epochs, int bestEpoch, ModelWeights best, LearnerState learner) {
  public Checkpoint {
    epochs = List.copyOf(epochs);
  }

  /** The state before the first epoch. */
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
