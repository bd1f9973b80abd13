package org.pneumostream.training;

import java.util.List;

/** Told how a retraining goes, on the thread that trains. */
public interface TrainingListener {
  /** One that does not listen. */
  TrainingListener NONE = new TrainingListener() {};

  /** Another process trains the model now; the run begins when that one has ended. */
  default void waiting() {}

  /**
   * The training set is being read.
   *
   * @param read records read or passed over
   * @param records how many there are at most; compacted ones are missing
   */
  default void reading(long read, long records) {}

  /** The training set is there and is enough. */
  default void started(TrainingCounts counts) {}

  /**
   * The run goes on after these epochs, which another process has made; none in a new run. It may
   * not have told its listeners of the last.
   */
  default void resumed(List<EpochResult> epochs) {}

  /** A step was made. */
  default void step(StepProgress progress) {}

  /** An epoch ended. */
  default void epoch(EpochResult result) {}

  /** Tells this one first, then the other. */
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
