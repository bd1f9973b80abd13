package org.pneumostream.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The network's weights in the engine's memory, by name; freed with their manager. */
final class Parameters {

  private final Map<String, NDArray> arrays;

  private Parameters(Map<String, NDArray> arrays) {
    this.arrays = arrays;
  }

  /** Copies {@code weights} to the manager's device. */
  static Parameters load(ModelWeights weights, NDManager manager) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (TensorSpec spec : Architecture.TENSORS) {
      values.put(spec.name(), weights.tensor(spec.name()));
    }
    return load(values, manager);
  }

  /** Copies the tensors that {@code values} holds to the manager's device. */
  static Parameters load(Map<String, float[]> values, NDManager manager) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (TensorSpec spec : Architecture.TENSORS) {
      if (values.containsKey(spec.name())) {
        arrays.put(spec.name(), array(manager, values.get(spec.name()), spec));
      }
    }
    return new Parameters(arrays);
  }

  /** A copy of a tensor's values in the engine's own memory. */
  static NDArray array(NDManager manager, float[] values, TensorSpec spec) {
    Shape shape = new Shape(spec.shape().stream().mapToLong(Integer::longValue).toArray());
    // An array created on Java's memory would keep using it until the garbage collector runs.
    try (NDArray view = manager.create(values, shape)) {
      return view.duplicate();
    }
  }

  /** Converts the values to another precision and frees the old ones. */
  Parameters to(Precision precision) {
    if (precision == Precision.FULL) {
      return this;
    }
    Map<String, NDArray> converted = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          converted.put(name, array.toType(precision.type(), true));
          array.close();
        });
    return new Parameters(converted);
  }

  NDArray get(String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  /** Shares the memory, and records gradients of what is computed with the trainable tensors. */
  Parameters recording() {
    Map<String, NDArray> leaves = new LinkedHashMap<>(arrays);
    for (TensorSpec spec : Architecture.TENSORS) {
      if (Architecture.isTrainable(spec)) {
        NDArray leaf = get(spec.name()).stopGradient();
        leaf.setRequiresGradient(true);
        leaves.put(spec.name(), leaf);
      }
    }
    return new Parameters(leaves);
  }

  /**
   * The gradients of the trainable tensors of a {@link #recording} one, after the backward pass.
   */
  Parameters gradients() {
    Map<String, NDArray> gradients = new LinkedHashMap<>();
    for (TensorSpec spec : Architecture.TENSORS) {
      if (Architecture.isTrainable(spec)) {
        gradients.put(spec.name(), get(spec.name()).getGradient());
      }
    }
    return new Parameters(gradients);
  }

  /** Copies the current values out. */
  Map<String, float[]> toArrays() {
    Map<String, float[]> values = new LinkedHashMap<>();
    arrays.forEach((name, array) -> values.put(name, array.toFloatArray()));
    return values;
  }
}
