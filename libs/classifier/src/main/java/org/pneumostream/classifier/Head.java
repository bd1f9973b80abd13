package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;

/** The layers after the blocks: global average pooling and the two dense layers. */
final class Head {

  private Head() {}

  /** Maps the fourth block's output (N, 256, w, h, d) to one logit of ABNORMAL per volume (N). */
  static NDArray logits(Parameters parameters, NDArray blocks) {
    return output(parameters, hidden(parameters, blocks));
  }

  /**
   * The same with dropout.
   *
   * @param mask (N, 512): 0 where a hidden value is dropped, 1 / (1 − rate) where it is kept
   */
  static NDArray logits(Parameters parameters, NDArray blocks, NDArray mask) {
    return output(parameters, hidden(parameters, blocks).mul(mask));
  }

  private static NDArray hidden(Parameters parameters, NDArray blocks) {
    Shape shape = blocks.getShape();
    NDArray pooled = blocks.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2});
    return dense(parameters, "dense1", pooled).getNDArrayInternal().relu();
  }

  private static NDArray output(Parameters parameters, NDArray hidden) {
    return dense(parameters, "dense2", hidden).reshape(hidden.getShape().get(0));
  }

  private static NDArray dense(Parameters parameters, String layer, NDArray input) {
    return Linear.linear(input, parameters.get(layer + ".weight"), parameters.get(layer + ".bias"))
        .singletonOrThrow();
  }
}
