package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;

/** The network with frozen weights. */
interface InferencePass {

  /** From volumes (N, 1, W, H, D) to the logit of ABNORMAL of each (N). */
  NDArray logits(NDArray volumes);
}
