package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;

/** The network with frozen weights. */
interface InferencePass {

  /**
   * Computes the logit of ABNORMAL for each of the volumes (N, 1, W, H, D).
   *
   * @throws ai.djl.engine.EngineException also if the engine's memory is too small for the batch
   */
  float[] logits(NDArray volumes);
}
