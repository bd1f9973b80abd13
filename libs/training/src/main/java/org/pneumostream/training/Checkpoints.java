package org.pneumostream.training;

import java.util.Optional;

/** Where a training run leaves its checkpoints. */
public interface Checkpoints {
  /** For runs that are not worth resuming. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<Checkpoint> latest() {
          return Optional.empty();
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };

  /** The last one saved, if there is one. */
  Optional<Checkpoint> latest();

  /** Saves one, wholly or not at all, and forgets the one before. */
  void save(Checkpoint checkpoint);
}
