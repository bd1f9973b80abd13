package org.pneumostream.classifier;

/** How the network is computed; results agree up to float32 rounding. */
public enum Execution {
  /** One engine operation per layer, like the reference: the baseline for checks and timing. */
  LAYER_BY_LAYER,
  /** The first block in slabs that fit the cache, channels last, BatchNorm folded for inference. */
  FAST
}
