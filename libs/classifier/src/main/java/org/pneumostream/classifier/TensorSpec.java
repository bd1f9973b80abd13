package org.pneumostream.classifier;

import java.util.List;

/**
 * Name and shape of one float32 tensor.
 *
 * @param name as in the weights file, like {@code block1.conv.weight}
 * @param shape sizes from the slowest to the fastest axis; empty for a scalar
 */
public record TensorSpec(String name, List<Integer> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  static TensorSpec of(String name, Integer... shape) {
    return new TensorSpec(name, List.of(shape));
  }

  /** Number of values in the tensor. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
