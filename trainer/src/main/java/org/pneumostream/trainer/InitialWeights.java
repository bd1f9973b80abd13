package org.pneumostream.trainer;

/** What a training run starts from. */
public enum InitialWeights {
  /** Weights drawn from the seed, as the reference does. */
  SCRATCH,
  /** The champion's weights, where there is a champion. */
  CHAMPION
}
