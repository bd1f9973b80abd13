package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;

/** The network with frozen weights. */
interface InferencePass {

  /**
   * From volumes (N, 1, W, H, D) to the logit of ABNORMAL of each.
   *
   * @throws ai.djl.engine.EngineException also if the engine's memory is too small for so many
   */
  float[] logits(NDArray volumes);
}
