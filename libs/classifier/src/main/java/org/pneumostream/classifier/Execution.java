package org.pneumostream.classifier;

/** How the network is computed; the numbers are the same up to float32 rounding. */
public enum Execution {
  /**
   * One engine operation a layer, as the reference writes it: the baseline for checks and timing.
   */
  LAYER_BY_LAYER,
  /** The first block in slabs that stay in cache, channels last, BatchNorm folded for inference. */
  FAST
}
