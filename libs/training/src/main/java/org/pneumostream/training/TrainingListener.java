package org.pneumostream.training;

import java.util.List;

/** Receives the progress of a retraining, on the training thread. */
public interface TrainingListener {
  /** Ignores everything. */
  TrainingListener NONE = new TrainingListener() {};

  /** Another process is training the model; the run begins when that one has ended. */
  default void waiting() {}

  /**
   * The training set is being read.
   *
   * @param read records read or skipped
   * @param records upper bound of their number; compacted ones are missing
   */
  default void reading(long read, long records) {}

  /** The training set has been read and is large enough. */
  default void started(TrainingCounts counts) {}

  /**
   * The run continues after these epochs, which another process has made; none in a new run. That
   * process may not have reported the last one to its listeners.
   */
  default void resumed(List<EpochResult> epochs) {}

  /** A step was made. */
  default void step(StepProgress progress) {}

  /** An epoch ended. */
  default void epoch(EpochResult result) {}

  /** A listener that passes everything to this one first, then to the other. */
  default TrainingListener andThen(TrainingListener other) {
    TrainingListener first = this;
    return new TrainingListener() {
      @Override
      public void waiting() {
        first.waiting();
        other.waiting();
      }

      @Override
      public void reading(long read, long records) {
        first.reading(read, records);
        other.reading(read, records);
      }

      @Override
      public void started(TrainingCounts counts) {
        first.started(counts);
        other.started(counts);
      }

      @Override
      public void resumed(List<EpochResult> epochs) {
        first.resumed(epochs);
        other.resumed(epochs);
      }

      @Override
      public void step(StepProgress progress) {
        first.step(progress);
        other.step(progress);
      }

      @Override
      public void epoch(EpochResult result) {
        first.epoch(result);
        other.epoch(result);
      }
    };
  }
}
