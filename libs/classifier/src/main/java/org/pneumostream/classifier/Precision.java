package org.pneumostream.classifier;

import ai.djl.ndarray.types.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many bits weights and activations have while volumes are scored. */
public enum Precision {
  /** float32. */
  FULL(DataType.FLOAT32),
  /** float16: half the memory, and the fast units of a GPU. */
  HALF(DataType.FLOAT16);

  private static final Logger log = LoggerFactory.getLogger(Precision.class);

  private final DataType type;

  Precision(DataType type) {
    this.type = type;
  }

  /** The engine's name of it. */
  DataType type() {
    return type;
  }

  /** This one where it pays; else, said in the log, {@link #FULL}: a CPU is slower in half. */
  public Precision orFullOnCpu() {
    if (this == FULL || TorchEngine.device().isGpu()) {
      return this;
    }
    log.warn("half precision is for a GPU and there is none: volumes are scored in full precision");
    return FULL;
  }
}
