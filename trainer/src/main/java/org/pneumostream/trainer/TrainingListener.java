package org.pneumostream.trainer;

/** Told how a retraining goes, on the thread that trains. */
public interface TrainingListener {
  /** One that does not listen. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * The training set is being read.
   *
   * @param read records read or passed over
   * @param records how many there are at most; compacted ones are missing
   */
  default void reading(long read, long records) {}

  /** The training set is there and is enough. */
  default void started(TrainingCounts counts) {}

  /** A step was made. */
  default void step(StepProgress progress) {}

  /** An epoch ended. */
  default void epoch(EpochResult result) {}

  /** Tells this one first, then the other. */
  default TrainingListener andThen(TrainingListener other) {
    TrainingListener first = this;
    return new TrainingListener() {
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
