package org.pneumostream.training;

import java.util.Optional;

/** Storage for a training run's checkpoints. */
public interface Checkpoints {
  /** Stores nothing, for runs that are not worth resuming. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<Checkpoint> latest() {
          return Optional.empty();
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };

  /** The last checkpoint, if there is one. */
  Optional<Checkpoint> latest();

  /** Saves a checkpoint atomically and removes the one before. */
  void save(Checkpoint checkpoint);
}
