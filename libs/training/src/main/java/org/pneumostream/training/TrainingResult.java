package org.pneumostream.training;

import java.util.List;
import org.pneumostream.classifier.ModelWeights;

/**
 * Result of a training run.
 *
 * @param weights of the epoch with the lowest validation loss, with the run's metadata
 * @param bestEpoch that epoch, from 1
 * @param epochs every epoch, in order
 * @param counts scans by side and label
 */
public record TrainingResult(
    ModelWeights weights, int bestEpoch, List<EpochResult> epochs, TrainingCounts counts) {
  public TrainingResult {
    epochs = List.copyOf(epochs);
  }
}
